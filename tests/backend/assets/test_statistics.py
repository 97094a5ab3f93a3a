"""How much there is of a project's assets."""

from datetime import UTC, datetime

import pytest

from backend.assets.groupings import AssetGroupBy
from backend.assets.models import Vote
from backend.assets.statistics import asset_counts
from backend.errors import NotFound
from backend.geo.geohash import Grid
from backend.projects.models import Language
from backend.resources.viewer import ANONYMOUS
from tests.cast import make_asset, make_project, make_session


def counted(walk, by, viewer=ANONYMOUS, *, letters=6, most=100):
    found = asset_counts(walk.project.pk, viewer, by=by, grid=Grid(letters), most=most)
    return [(each.group.key, each.group.label, each.count, each.total_seconds, each.likes) for each in found]


def test_an_asset_counts_for_each_of_its_tags_and_one_without_for_none(walk, cast):
    sea, stone = walk.tags
    both = make_asset(walk.project, duration_seconds=3.0)
    both.tags.set(walk.tags)
    make_asset(walk.project, duration_seconds=None)
    for user in (cast.contributor, cast.stranger):
        visit = make_session(walk.project, user)
        Vote.objects.create(session=visit, asset=both, vote_type="like")
        Vote.objects.create(session=visit, asset=both, vote_type="flag")
    assert counted(walk, AssetGroupBy.TAG) == [
        (sea.pk, "sea", 2, 15.0, 2),
        (stone.pk, "stone", 1, 3.0, 2),
        (None, "", 1, 0.0, 0),
    ]


def test_days_are_those_of_utc_and_the_newest_comes_first(walk):
    walk.asset.created_at = datetime(2026, 5, 1, 23, 59, tzinfo=UTC)
    walk.asset.save()
    make_asset(walk.project, created_at=datetime(2026, 5, 2, 0, 1, tzinfo=UTC))
    make_asset(walk.project, created_at=datetime(2026, 5, 1, 3, tzinfo=UTC))
    assert counted(walk, AssetGroupBy.DAY) == [
        ("2026-05-02", "2026-05-02", 1, 12.0, 0),
        ("2026-05-01", "2026-05-01", 2, 24.0, 0),
    ]


def test_languages_and_media_types_are_counted_too(walk):
    finnish = Language.objects.create(code="fi", name="Finnish")
    for _ in range(2):
        make_asset(walk.project, language=finnish, media_type="photo", duration_seconds=None)
    assert counted(walk, AssetGroupBy.LANGUAGE) == [("fi", "Finnish", 2, 0.0, 0), (None, "", 1, 12.0, 0)]
    assert counted(walk, AssetGroupBy.MEDIA_TYPE) == [("photo", "Photo", 2, 0.0, 0), ("audio", "Audio", 1, 12.0, 0)]


def test_cells_are_named_as_geohashes_and_those_of_the_edges_count(walk):
    make_asset(walk.project, latitude=60.1701, longitude=24.9401)
    make_asset(walk.project, latitude=90, longitude=180)
    make_asset(walk.project, latitude=-90, longitude=-180)
    make_asset(walk.project, latitude=None, longitude=None)
    found = asset_counts(walk.project.pk, ANONYMOUS, by=AssetGroupBy.GEOHASH, grid=Grid(6), most=100)
    assert {each.group.key: each.count for each in found} == {"ud9wr9": 2, "zzzzzz": 1, "000000": 1, None: 1}
    assert found[0].group.middle.latitude == pytest.approx(60.17, abs=0.01)
    assert found[0].group.middle.longitude == pytest.approx(24.94, abs=0.01)
    assert [key for key, *_ in counted(walk, AssetGroupBy.GEOHASH, letters=1)] == ["u", "0", "z", None]
    assert counted(walk, AssetGroupBy.GEOHASH, letters=12, most=1)[0][0] == "000000000000"


@pytest.mark.parametrize("by", AssetGroupBy)
def test_it_is_one_statement_of_what_the_viewer_may_see(walk, cast, by, django_assert_num_queries):
    make_asset(walk.project, submitted=False, user=cast.contributor)
    make_asset(make_project(name="Another"))
    for viewer, count in ((ANONYMOUS, 1), (cast.stranger, 1), (cast.contributor, 2), (cast.owner, 2)):
        with django_assert_num_queries(1):
            found = counted(walk, by, viewer)
        assert sum(each[2] for each in found) == count


def test_so_many_groups_and_no_more(walk):
    make_asset(walk.project)
    assert [each[0] for each in counted(walk, AssetGroupBy.TAG, most=1)] == [walk.tags[0].pk]
    assert counted(walk, AssetGroupBy.TAG, most=0) == []


def test_an_empty_project_has_no_groups_and_an_unknown_one_is_not_found(walk):
    walk.asset.delete()
    assert counted(walk, AssetGroupBy.TAG) == []
    for nonsense in (10**9, 10**40, "x", "9" * 5000, "\x00", None):
        with pytest.raises(NotFound):
            asset_counts(nonsense, ANONYMOUS, by=AssetGroupBy.TAG, grid=Grid(6), most=1)
