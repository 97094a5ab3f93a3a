"""How much was heard in a project."""

from datetime import UTC, datetime

import pytest

from backend.errors import NotFound
from backend.geo.geohash import Grid
from backend.listening.models import ListenEvent
from backend.listening.statistics import ListenEventGroupBy, listen_counts
from backend.projects.models import Language
from backend.resources.viewer import ANONYMOUS
from tests.cast import make_asset, make_session


@pytest.fixture
def heard(walk, cast):
    """Two visits: one hears the asset twice, the other hears it once and another one that is still playing."""
    mine, theirs = make_session(walk.project, cast.contributor), make_session(walk.project, cast.stranger)
    other = make_asset(walk.project, description="The bells", language=Language.objects.create(code="fi", name="Suomi"))
    when = {"started_at": datetime(2026, 5, 1, 12, tzinfo=UTC)}
    ListenEvent.objects.create(session=mine, asset=walk.asset, duration_seconds=10, **when)
    ListenEvent.objects.create(session=mine, asset=walk.asset, duration_seconds=5, **when)
    ListenEvent.objects.create(session=theirs, asset=walk.asset, duration_seconds=2, **when)
    ListenEvent.objects.create(session=theirs, asset=other, started_at=datetime(2026, 5, 2, tzinfo=UTC))
    return other


def counted(walk, by, viewer, most=100):
    found = listen_counts(walk.project.pk, viewer, by=by, grid=Grid(1), most=most)
    return [(each.group.key, each.group.label, each.count, each.total_seconds, each.listeners) for each in found]


def test_owners_and_staff_count_all_visits(walk, cast, heard):
    for viewer in (cast.owner, cast.curator):
        assert counted(walk, ListenEventGroupBy.ASSET, viewer) == [
            (walk.asset.pk, "", 3, 17.0, 2),
            (heard.pk, "The bells", 1, 0.0, 1),
        ]
        assert counted(walk, ListenEventGroupBy.TAG, viewer) == [
            (walk.tags[0].pk, "sea", 3, 17.0, 2),
            (None, "", 1, 0.0, 1),
        ]
        assert counted(walk, ListenEventGroupBy.DAY, viewer) == [
            ("2026-05-02", "2026-05-02", 1, 0.0, 1),
            ("2026-05-01", "2026-05-01", 3, 17.0, 2),
        ]
        assert counted(walk, ListenEventGroupBy.LANGUAGE, viewer) == [
            (None, "", 3, 17.0, 2),
            ("fi", "Suomi", 1, 0.0, 1),
        ]
        assert counted(walk, ListenEventGroupBy.MEDIA_TYPE, viewer) == [("audio", "Audio", 4, 17.0, 2)]
        assert counted(walk, ListenEventGroupBy.GEOHASH, viewer) == [("u", "u", 4, 17.0, 2)]


def test_others_count_their_own_visits(walk, cast, heard):
    assert counted(walk, ListenEventGroupBy.ASSET, cast.contributor) == [(walk.asset.pk, "", 2, 15.0, 1)]
    assert counted(walk, ListenEventGroupBy.ASSET, ANONYMOUS) == []


def test_what_is_hidden_by_now_is_not_counted_for_those_who_may_not_see_it(walk, cast, heard):
    heard.submitted = False
    heard.save()
    assert len(counted(walk, ListenEventGroupBy.ASSET, cast.stranger)) == 1
    assert len(counted(walk, ListenEventGroupBy.ASSET, cast.owner)) == 2


@pytest.mark.parametrize("by", ListenEventGroupBy)
def test_it_is_one_statement(walk, cast, heard, by, django_assert_num_queries):
    for viewer in (cast.owner, cast.contributor, cast.curator):
        with django_assert_num_queries(1):
            assert counted(walk, by, viewer)


def test_so_many_groups_and_no_more(walk, cast, heard):
    assert len(counted(walk, ListenEventGroupBy.ASSET, cast.owner, most=1)) == 1


def test_an_unknown_project_is_not_found(cast):
    for nonsense in (10**9, "x"):
        with pytest.raises(NotFound):
            listen_counts(nonsense, cast.owner, by=ListenEventGroupBy.DAY, grid=Grid(1), most=1)
