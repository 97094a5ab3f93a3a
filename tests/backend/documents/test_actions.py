"""Documents are registered once, and found by their hash."""

import hashlib

import pytest

from backend.documents.actions import register_document, sha256_of
from backend.documents.models import Document
from backend.documents.queries import document_text
from backend.documents.resources import DOCUMENT
from backend.errors import InvalidInput

pytestmark = pytest.mark.django_db


def test_a_document_is_known_by_the_hash_of_its_utf_8():
    assert sha256_of("{ näin }") == hashlib.sha256("{ näin }".encode()).hexdigest()


def test_registering_again_changes_the_name_alone():
    first = register_document("{ a }", name="old")
    again = register_document("{ a }", name="new")
    assert (again.pk, again.registered_at) == (first.pk, first.registered_at)
    assert [(row.name, row.text) for row in Document.objects.all()] == [("new", "{ a }")]


def test_a_document_is_found_by_its_hash_alone():
    register_document("{ a }", name="a")
    assert document_text(sha256_of("{ a }")) == "{ a }"
    assert document_text(sha256_of("{ b }")) is None
    assert document_text("") is None


def test_a_name_is_needed():
    with pytest.raises(InvalidInput) as refused:
        register_document("{ a }", name="")
    assert refused.value.field == "name"
    assert not Document.objects.exists()


def test_only_staff_see_them(cast):
    document = register_document("{ a }", name="a")
    assert list(DOCUMENT.rows(cast.curator)) == [document]
    for viewer in (cast.owner, cast.contributor, cast.stranger):
        assert not DOCUMENT.rows(viewer).exists()
        assert not DOCUMENT.may_write(viewer, document)
