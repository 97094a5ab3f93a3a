"""A row that would break a rule is refused, by the name of the field."""

import pytest
from django.core.exceptions import ValidationError

from backend.assets.models import Asset
from backend.errors import InvalidInput
from backend.projects.models import Project
from backend.resources.cleaning import cleaned, invalid
from backend.soundscape.models import Speaker
from tests.backend.resources.test_writes import statements_of


def refusal(row, **options):
    with pytest.raises(InvalidInput) as refused:
        cleaned(row, **options)
    return refused.value.field, refused.value.message


def test_a_row_that_breaks_no_rule_is_given_back(walk):
    assert cleaned(walk.speaker) is walk.speaker


def test_what_databases_take_differently_is_refused(walk):
    assert refusal(Project(name="a\x00b", latitude=0, longitude=0)) == ("name", "Null characters are not allowed.")
    endless = Asset(project=walk.project, end_seconds=float("inf"))
    assert refusal(endless) == ("end_seconds", "Must be a finite number.")


def test_what_was_stored_before_is_not_judged_again(walk):
    walk.speaker.uri = "no address"
    assert refusal(walk.speaker)[0] == "uri"
    assert cleaned(walk.speaker, changed={"code"}) is walk.speaker
    walk.speaker.code = "much too long for a code"
    assert refusal(walk.speaker, changed={"code"})[0] == "code"


def test_long_texts_are_refused_also_where_django_checks_forms_alone(walk):
    row = Asset(project=walk.project, moderation_reason="x" * 1001)
    assert refusal(row) == ("moderation_reason", "Must have at most 1000 characters.")


def test_a_missing_key_is_refused_and_a_set_one_is_not_looked_up(walk):
    assert refusal(Speaker(code="x"))[0] == "project"
    assert statements_of(cleaned, Speaker(code="x", project_id=walk.project.pk)) == []


def test_what_django_says_of_the_whole_row_names_no_field():
    assert invalid(ValidationError("Not so.")).field is None
    assert invalid(ValidationError("Not so."), field="name").field == "name"
    assert invalid(ValidationError({"code": ["No.", "Never."]})).message == "No. Never."
