"""What can be asked beyond rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.assets.models import Vote
from backend.listening.models import ListenEvent
from backend.resources.viewer import ANONYMOUS
from schema.ids import global_id
from tests.cast import INSIDE, LATITUDE, LONGITUDE, make_asset, make_project, make_session, make_speaker
from tests.schema.asking import ask, data

NORTH = {"latitude": LATITUDE + 20 / 111_400, "longitude": LONGITUDE}


def of(row):
    return global_id(type(row).__name__, row.pk)


def statements(query, viewer=ANONYMOUS, **variables):
    with CaptureQueriesContext(connection) as captured:
        data(query, viewer, **variables)
    return [each["sql"] for each in captured.captured_queries if "version()" not in each["sql"]]


def refused(query, viewer=ANONYMOUS, **variables):
    (error,) = ask(query, viewer, **variables)["errors"]
    return error["extensions"]["code"], error["extensions"].get("field")


class TestAssetsNear:
    QUERY = """query ($id: ID!, $latitude: Float!, $longitude: Float!, $max: Float, $tags: [ID!], $first: Int! = 100) {
      assetsNear(
        projectId: $id, latitude: $latitude, longitude: $longitude, rangeMax: $max, tagIds: $tags, first: $first
      ) { distanceMetres bearing asset { id tags { nodes { value } } } }
    }"""

    def near(self, walk, viewer=ANONYMOUS, **asked):
        asked = {"id": of(walk.project), **INSIDE, **asked}
        return data(self.QUERY, viewer, **asked)["assetsNear"]

    def test_the_nearest_comes_first_with_its_way_and_whatever_is_asked_of_it(self, walk):
        away = make_asset(walk.project, **NORTH)
        here, there = self.near(walk)
        assert here["asset"] == {"id": of(walk.asset), "tags": {"nodes": [{"value": "sea"}]}}
        assert there["asset"]["id"] == of(away)
        assert (here["distanceMetres"], there["distanceMetres"]) == (0.0, pytest.approx(20, abs=0.1))
        assert there["bearing"] % 360 == pytest.approx(0, abs=0.01) or there["bearing"] == pytest.approx(360, abs=0.01)

    def test_tags_and_ranges_narrow_it(self, walk):
        make_asset(walk.project, **NORTH)
        assert len(self.near(walk, max=10)) == 1
        assert len(self.near(walk, tags=[of(walk.tags[0])])) == 1
        assert self.near(walk, tags=[of(walk.tags[1])]) == []
        assert len(self.near(walk, first=1)) == 1

    def test_what_is_hidden_is_near_to_those_who_may_see_it(self, walk, cast):
        make_asset(walk.project, submitted=False, user=cast.contributor)
        seen = {viewer.username: len(self.near(walk, viewer)) for viewer in vars(cast).values()}
        assert seen == {"stranger": 1, "contributor": 2, "owner": 2, "curator": 2}

    def test_it_costs_the_same_for_many(self, walk):
        for _ in range(6):
            make_asset(walk.project)
        # The project, all places, the rows, their tags.
        assert len(statements(self.QUERY, id=of(walk.project), **INSIDE)) == 4

    @pytest.mark.parametrize(
        ("asked", "refusal"),
        [
            ({"latitude": 91}, ("INVALID_INPUT", "latitude")),
            ({"longitude": -180.1}, ("INVALID_INPUT", "longitude")),
            ({"max": -1}, ("INVALID_INPUT", "rangeMax")),
            ({"tags": ["x"]}, ("INVALID_INPUT", "tagIds")),
            ({"tags": [global_id("Asset", 1)]}, ("NOT_FOUND", "tagIds")),
            ({"first": -1}, ("INVALID_INPUT", "first")),
            ({"id": "x"}, ("NOT_FOUND", "projectId")),
            ({"id": "9" * 40}, ("NOT_FOUND", "projectId")),
            ({"id": global_id("Tag", 1)}, ("NOT_FOUND", "projectId")),
        ],
    )
    def test_what_makes_no_question_is_refused(self, walk, asked, refusal):
        assert refused(self.QUERY, **{"id": of(walk.project), **INSIDE, **asked}) == refusal

    @pytest.mark.parametrize(
        ("argument", "value"),
        [
            ("latitude", "1e999"),
            ("heading", "1e999"),
            ("rangeMin", "1e999"),
            ("rangeMax", "-1e999"),
            ("width", "361"),
            ("first", "501"),
        ],
    )
    def test_numbers_out_of_range_are_refused(self, walk, argument, value):
        arguments = {"latitude": "60", "longitude": "25", argument: value}
        said = ", ".join(f"{name}: {given}" for name, given in arguments.items())
        query = f"query ($id: ID!) {{ assetsNear(projectId: $id, {said}) {{ bearing }} }}"
        assert refused(query, id=of(walk.project)) == ("INVALID_INPUT", argument)

    def test_numbers_that_are_only_huge_are_numbers(self, walk):
        query = """query ($id: ID!) { assetsNear(
          projectId: $id, latitude: 60.17, longitude: 24.94, rangeMax: 1e308, heading: 1e308, width: 360
        ) { distanceMetres } }"""
        assert data(query, id=of(walk.project)) == {"assetsNear": [{"distanceMetres": 0.0}]}


class TestSpeakersAt:
    QUERY = """query ($id: ID!, $latitude: Float!, $longitude: Float!) {
      speakersAt(projectId: $id, latitude: $latitude, longitude: $longitude) { gain speakerId speaker { code } }
    }"""

    def test_they_come_by_loudness(self, walk):
        quiet = make_speaker(walk.project, code="B", min_volume=0.25, max_volume=0.5)
        assert data(self.QUERY, id=of(walk.project), **INSIDE)["speakersAt"] == [
            {"gain": 1.0, "speakerId": of(walk.speaker), "speaker": {"code": "A"}},
            {"gain": 0.5, "speakerId": of(quiet), "speaker": {"code": "B"}},
        ]
        # The project, its zones, the rows.
        assert len(statements(self.QUERY, id=of(walk.project), **INSIDE)) == 3

    def test_where_there_is_nothing_nothing_is_heard(self, walk):
        assert data(self.QUERY, id=of(walk.project), latitude=-60, longitude=0)["speakersAt"] == []

    def test_what_is_no_place_or_no_project_is_refused(self, walk):
        assert refused(self.QUERY, id=of(walk.project), latitude=0, longitude=181) == ("INVALID_INPUT", "longitude")
        assert refused(self.QUERY, id="x", **INSIDE) == ("NOT_FOUND", "projectId")


class TestSearch:
    QUERY = """query ($id: ID!, $text: String!, $first: Int! = 20) {
      search(projectId: $id, text: $text, first: $first) {
        rank text node { __typename ... on Asset { description likes tags { nodes { value } } } ... on Tag { value } }
      }
    }"""

    def test_what_fits_best_comes_first_with_what_is_asked_of_its_kind(self, walk):
        walk.asset.description = "Seagulls"
        walk.asset.save()
        assert data(self.QUERY, id=of(walk.project), text="sea")["search"] == [
            {"rank": 0.8, "text": "sea", "node": {"__typename": "Tag", "value": "sea"}},
            {
                "rank": 0.7,
                "text": "Seagulls",
                "node": {
                    "__typename": "Asset",
                    "description": "Seagulls",
                    "likes": 0,
                    "tags": {"nodes": [{"value": "sea"}]},
                },
            },
        ]
        # The texts; the assets and their tags; the tags.
        assert len(statements(self.QUERY, id=of(walk.project), text="sea")) == 4

    def test_a_fragment_for_all_kinds_counts_for_each(self, walk):
        query = """query ($id: ID!) { search(projectId: $id, text: "sea") { node { ... on Node { id } } } }"""
        assert data(query, id=of(walk.project))["search"] == [{"node": {"id": of(walk.tags[0])}}]

    @pytest.mark.parametrize(
        ("asked", "refusal"),
        [
            ({"text": ""}, ("INVALID_INPUT", "text")),
            ({"text": "a b c"}, ("INVALID_INPUT", "text")),
            ({"text": "\x00\x00"}, ("INVALID_INPUT", "text")),
            ({"first": 101}, ("INVALID_INPUT", "first")),
            ({"first": -1}, ("INVALID_INPUT", "first")),
            ({"id": "x"}, ("NOT_FOUND", "projectId")),
        ],
    )
    def test_what_makes_no_question_is_refused(self, walk, asked, refusal):
        assert refused(self.QUERY, **{"id": of(walk.project), "text": "sea", **asked}) == refusal


class TestStats:
    ASSETS = """query ($id: ID!, $by: AssetGroupBy!, $precision: Int! = 6, $first: Int! = 100) {
      assetStats(projectId: $id, groupBy: $by, precision: $precision, first: $first) {
        key label count totalSeconds likes latitude longitude
      }
    }"""
    LISTENING = """query ($id: ID!, $by: ListenEventGroupBy!) {
      listenEventStats(projectId: $id, groupBy: $by) { key label count totalSeconds listeners }
    }"""

    def test_assets_are_counted_in_one_statement(self, walk, cast):
        Vote.objects.create(session=make_session(walk.project, cast.stranger), asset=walk.asset, vote_type="like")
        day = walk.asset.created_at.date().isoformat()
        keys = {
            "TAG": (of(walk.tags[0]), "sea"),
            "DAY": (day, day),
            "LANGUAGE": (None, ""),
            "MEDIA_TYPE": ("AUDIO", "Audio"),
            "GEOHASH": ("ud9wr9", "ud9wr9"),
        }
        for by, (key, label) in keys.items():
            asked = {"id": of(walk.project), "by": by}
            (group,) = data(self.ASSETS, **asked)["assetStats"]
            middle = (group.pop("latitude"), group.pop("longitude"))
            assert group == {"key": key, "label": label, "count": 1, "totalSeconds": 12.0, "likes": 1}
            assert (middle != (None, None)) == (by == "GEOHASH")
            assert len(statements(self.ASSETS, **asked)) == 1

    def test_what_was_heard_is_counted_in_one_statement_for_those_who_may_know(self, walk, cast):
        for user in (cast.contributor, cast.stranger):
            visit = make_session(walk.project, user)
            ListenEvent.objects.create(session=visit, asset=walk.asset, duration_seconds=5)
        asked = {"id": of(walk.project), "by": "ASSET"}
        counts = {"count": 2, "totalSeconds": 10.0, "listeners": 2}
        whole = [{"key": of(walk.asset), "label": "", **counts}]
        own = [{"key": of(walk.asset), "label": "", "count": 1, "totalSeconds": 5.0, "listeners": 1}]
        for viewer, seen in ((cast.owner, whole), (cast.curator, whole), (cast.stranger, own), (ANONYMOUS, [])):
            assert data(self.LISTENING, viewer, **asked)["listenEventStats"] == seen
        for by in ("TAG", "DAY", "LANGUAGE", "MEDIA_TYPE", "GEOHASH", "ASSET"):
            assert len(statements(self.LISTENING, cast.owner, id=of(walk.project), by=by)) == 1

    @pytest.mark.parametrize(
        ("asked", "refusal"),
        [
            ({"precision": 0}, ("INVALID_INPUT", "precision")),
            ({"precision": 13}, ("INVALID_INPUT", "precision")),
            ({"first": 501}, ("INVALID_INPUT", "first")),
            ({"id": "x"}, ("NOT_FOUND", "projectId")),
            ({"id": global_id("Project", 10**12)}, ("NOT_FOUND", "projectId")),
        ],
    )
    def test_what_makes_no_question_is_refused(self, walk, asked, refusal):
        assert refused(self.ASSETS, **{"id": of(walk.project), "by": "GEOHASH", **asked}) == refusal

    def test_a_project_without_anything_has_no_groups(self, db):
        empty = of(make_project())
        assert data(self.ASSETS, id=empty, by="TAG") == {"assetStats": []}
        assert data(self.LISTENING, id=empty, by="TAG") == {"listenEventStats": []}
