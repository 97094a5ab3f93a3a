"""Projects and languages, for a viewer."""

import pytest

from backend.errors import NotFound
from backend.projects import queries
from backend.projects.models import Language
from backend.projects.ownership import may_edit
from backend.resources.viewer import ANONYMOUS
from tests.cast import make_project


def test_everybody_sees_every_project(walk, cast):
    assert list(queries.projects(ANONYMOUS)) == [walk.project]
    assert queries.project(str(walk.project.pk), cast.stranger) == walk.project


def test_a_project_that_is_not_there_is_not_found(cast):
    with pytest.raises(NotFound) as refusal:
        queries.project(999_999, cast.curator)
    assert refusal.value.field == "project_id"


def test_owners_edit_their_own_projects_and_staff_all(walk, cast):
    another = make_project(name="Another")
    assert may_edit(cast.owner, walk.project.pk)
    assert not may_edit(cast.owner, another.pk)
    assert not may_edit(cast.owner, None)
    assert not may_edit(cast.stranger, walk.project.pk)
    assert not may_edit(ANONYMOUS, walk.project.pk)
    assert may_edit(cast.curator, another.pk)


@pytest.mark.parametrize(
    ("code", "expected"), [("fi", "fi"), ("FI", "fi"), ("fi-FI", "fi"), ("tlh", "en"), ("-", "en")]
)
def test_a_language_code_is_cut_and_an_unknown_one_is_english(db, code, expected):
    Language.objects.create(code="fi")
    chosen = queries.chosen_language(code=code, language_id=999_999)
    assert Language.objects.get(pk=chosen).code == expected


def test_without_a_code_the_id_is_taken_and_without_both_english(db):
    finnish = Language.objects.create(code="fi")
    assert queries.chosen_language(language_id=str(finnish.pk)) == finnish.pk
    assert queries.chosen_language() == 1
    with pytest.raises(NotFound) as refusal:
        queries.chosen_language(language_id=999_999)
    assert refusal.value.field == "language_id"
