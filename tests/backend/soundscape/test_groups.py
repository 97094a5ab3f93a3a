"""Projects that are offered together: those that sound where somebody is."""

import pytest

from backend.errors import InvalidInput, NotFound
from backend.geo.position import Position
from backend.projects.models import ProjectGroup
from backend.resources.viewer import ANONYMOUS
from backend.soundscape.groups import projects_heard_at
from tests.cast import FAR_AWAY, LATITUDE, LONGITUDE, make_project, make_speaker, square

HERE, FAR = Position(LATITUDE, LONGITUDE), Position(**FAR_AWAY)


@pytest.fixture
def group(walk):
    group = ProjectGroup.objects.create(name="Helsinki")
    group.projects.add(walk.project)
    return group


def heard(group, position=HERE, viewer=ANONYMOUS):
    return list(projects_heard_at(group.pk, viewer, position))


def test_a_project_is_heard_within_a_zone_of_its_speakers(walk, group, cast):
    for viewer in (ANONYMOUS, cast.stranger, cast.curator):
        assert heard(group, HERE, viewer) == [walk.project]
        assert heard(group, FAR, viewer) == []


def test_latitude_and_longitude_are_not_mixed_up(walk, group):
    walk.speaker.delete()
    make_speaker(walk.project, shape=square(LONGITUDE, LATITUDE))
    assert heard(group, HERE) == []
    assert heard(group, Position(LONGITUDE, LATITUDE)) == [walk.project]


def test_one_that_does_not_listen_by_place_is_heard_everywhere(walk, group):
    anywhere = make_project(name="Anywhere", geo_listen_enabled=False)
    group.projects.add(anywhere)
    assert heard(group, FAR) == [anywhere]
    assert heard(group, HERE) == [walk.project, anywhere]


def test_zones_that_are_silent_or_nowhere_do_not_count(walk, group):
    walk.speaker.is_active = False
    walk.speaker.save()
    make_speaker(walk.project, shape=None)
    assert heard(group) == []


def test_projects_of_other_groups_are_not_of_this_one(walk, group):
    other = make_project(name="Other")
    make_speaker(other)
    ProjectGroup.objects.create(name="Elsewhere").projects.add(other, walk.project)
    assert heard(group) == [walk.project]


def test_two_zones_make_one_project_in_two_statements(walk, group, django_assert_num_queries):
    for _ in range(3):
        make_speaker(walk.project)
    with django_assert_num_queries(2):
        assert heard(group) == [walk.project]


@pytest.mark.parametrize("group_id", [999_999, "x", None])
def test_a_group_that_is_not_there_is_not_found(db, group_id):
    with pytest.raises(NotFound) as refusal:
        projects_heard_at(group_id, ANONYMOUS, HERE)
    assert refusal.value.field == "group_id"


def test_a_group_that_is_not_active_offers_nothing(group):
    group.is_active = False
    group.save()
    with pytest.raises(InvalidInput) as refusal:
        projects_heard_at(group.pk, ANONYMOUS, HERE)
    assert refusal.value.message == "Project Group inactive; please try another one."
