"""Who may write a project and what belongs to it."""

from backend.projects.models import Language, Project, UIElement
from backend.projects.resources import LANGUAGE, PROJECT, UI_ELEMENT
from backend.resources.viewer import ANONYMOUS


def test_owners_and_staff_write_a_project_and_only_staff_makes_one(walk, cast):
    assert PROJECT.may_write(cast.owner, walk.project)
    assert PROJECT.may_write(cast.curator, walk.project)
    for viewer in (cast.contributor, cast.stranger, ANONYMOUS):
        assert not PROJECT.may_write(viewer, walk.project)
    assert PROJECT.may_write(cast.curator, Project())
    assert not PROJECT.may_write(cast.owner, Project())


def test_what_all_projects_share_is_written_by_staff(walk, cast):
    assert LANGUAGE.may_write(cast.curator, Language())
    assert not LANGUAGE.may_write(cast.owner, Language())


def test_the_pictures_of_a_project_are_its_owners(walk, cast):
    element = UIElement(project=walk.project)
    assert UI_ELEMENT.may_write(cast.owner, element)
    assert not UI_ELEMENT.may_write(cast.stranger, element)
