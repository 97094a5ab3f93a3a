"""Faults in declarations are found at boot."""

from dataclasses import replace

import pytest
from django.apps import apps

from backend.accounts.resources import TOKEN
from backend.catalogue import CATALOGUE, check_catalogue
from backend.projects.models import LocalizedString
from backend.projects.resources import LANGUAGE, LOCALIZED_STRING, PROJECT, PROJECT_GROUP
from backend.resources.checks import faults


def test_the_catalogue_has_no_fault():
    assert check_catalogue() == []


def test_every_model_of_the_domain_is_in_the_catalogue_once():
    rooms = {"documents", "accounts", "projects", "tagging", "visits", "soundscape", "assets", "listening"}
    declared = [resource.model for resource in CATALOGUE]
    assert set(declared) == {model for model in apps.get_models() if model._meta.app_label in rooms}
    assert len(declared) == len(set(declared))


@pytest.mark.parametrize("part", ["read", "read_own", "write", "filter", "order"])
def test_a_field_that_does_not_exist_is_a_fault(part):
    found = faults([replace(LANGUAGE, **{part: ("nonsense",)})])
    assert [fault.id for fault in found] == ["earshot.E001"]


@pytest.mark.parametrize("path", ["language__nonsense", "text__code", "nonsense__code"])
def test_a_path_that_leads_nowhere_is_a_fault(path):
    found = faults([LANGUAGE, replace(LOCALIZED_STRING, filter=(path,), rest_names={})])
    assert [fault.id for fault in found] == ["earshot.E001"]


def test_a_relation_to_a_model_outside_the_catalogue_is_a_fault():
    shown = replace(LOCALIZED_STRING, filter=(), rest_names={})
    sought = replace(LOCALIZED_STRING, read=("id",), write=(), filter=("language__code",), rest_names={})
    for declaration in (shown, sought):
        assert [fault.id for fault in faults([declaration])] == ["earshot.E003"]


def test_seeking_by_a_column_without_an_index_is_a_fault():
    assert [fault.id for fault in faults([replace(TOKEN, read=(), filter=("revoked_at",))])] == ["earshot.E004"]


def test_a_long_text_and_a_yes_or_no_are_sought_by_without_an_index():
    assert faults([replace(PROJECT_GROUP, read=(), write=(), filter=("description", "is_active"), rest_names={})]) == []


def test_a_model_without_words_of_its_own_is_a_fault(monkeypatch):
    monkeypatch.setattr(LocalizedString, "__doc__", "LocalizedString(id, text, language)")
    assert [fault.id for fault in faults([LANGUAGE, LOCALIZED_STRING])] == ["earshot.E002"]


def test_what_is_written_can_be_read():
    unread = [
        f"{resource.model.__name__}.{name}"
        for resource in CATALOGUE
        for name in resource.write
        if name not in (*resource.read, *resource.read_own)
    ]
    assert unread == []


def test_no_secret_is_declared():
    shown = {
        f"{resource.model.__name__}.{name}"
        for resource in CATALOGUE
        for name in (*resource.read, *resource.read_own, *resource.filter)
    }
    assert shown & {"User.password", "Token.digest", "Stream.key", "Stream.seed"} == set()
    assert "name" in PROJECT.read
