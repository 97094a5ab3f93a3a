"""Fields written by hand: screens, texts in the language of a visit, votes, distances, waveforms."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.assets.models import Vote
from backend.bus.cursor import Cursor
from backend.bus.events import SoundscapeChanged
from backend.geo.earth import metres_between
from backend.geo.position import Position
from backend.journal import queries as journal
from backend.journal.actions import record
from backend.journal.models import Head
from backend.projects.models import Language, LocalizedString
from backend.resources.viewer import ANONYMOUS
from backend.tagging.models import UIGroup, UIItem
from schema.ids import global_id
from tests.cast import LATITUDE, LONGITUDE, make_asset, make_project, make_session, make_tags
from tests.schema.asking import ask, data


def of(row):
    return global_id(type(row).__name__, row.pk)


def texts(*pairs):
    return [
        LocalizedString.objects.create(language=Language.objects.get_or_create(code=code)[0], text=text)
        for code, text in pairs
    ]


def finnish_visit(walk, user):
    return make_session(walk.project, user, language=Language.objects.get_or_create(code="fi")[0])


def statements(query, viewer=ANONYMOUS, **variables):
    with CaptureQueriesContext(connection) as captured:
        data(query, viewer, **variables)
    return [each["sql"] for each in captured.captured_queries if "version()" not in each["sql"]]


def refused(query, viewer=ANONYMOUS, **variables):
    (error,) = ask(query, viewer, **variables)["errors"]
    return error["extensions"]["code"], error["extensions"].get("field")


class TestTheScreensOfAProject:
    QUERY = """query ($id: ID!, $visit: ID) { project(id: $id) { uiConfig(sessionId: $visit) {
      listen { ...group } speak { ...group }
    } } }
    fragment group on UIConfigGroup {
      select groupShortName headerDisplayText uiitemFilter
      displayItems { id tagId parentId defaultState tagDisplayText }
    }"""

    @pytest.fixture
    def speaking(self, walk):
        """A tree of two items for contributors."""
        sea, stone = walk.tags
        group = UIGroup.objects.create(
            project=walk.project, name="speak", category=sea.category, index=1, ui_mode="speak", select="multi"
        )
        group.header_texts.set(texts(("en", "What is it?"), ("fi", "Mikä?")))
        sea.message_texts.set(texts(("fi", "Meri")))
        root = UIItem.objects.create(group=group, tag=sea, index=0, is_active=True)
        return root, UIItem.objects.create(group=group, tag=stone, index=1, is_active=True, parent=root)

    def test_they_are_ready_to_be_drawn(self, walk, speaking):
        root, leaf = speaking
        shown = data(self.QUERY, id=of(walk.project))["project"]["uiConfig"]
        (listen,) = shown["listen"]
        assert (listen["select"], listen["groupShortName"], listen["headerDisplayText"]) == ("SINGLE", "Theme", None)
        assert [item["tagId"] for item in listen["displayItems"]] == [of(tag) for tag in walk.tags]
        assert all(item["defaultState"] and item["parentId"] is None for item in listen["displayItems"])
        assert shown["speak"] == [
            {
                "select": "MULTI",
                "groupShortName": "Theme",
                "headerDisplayText": "What is it?",
                "uiitemFilter": "NONE",
                "displayItems": [
                    {
                        "id": of(root),
                        "tagId": of(walk.tags[0]),
                        "parentId": None,
                        "defaultState": False,
                        "tagDisplayText": "Meri",
                    },
                    {
                        "id": of(leaf),
                        "tagId": of(walk.tags[1]),
                        "parentId": of(root),
                        "defaultState": False,
                        "tagDisplayText": "stone",
                    },
                ],
            }
        ]

    def test_they_are_in_the_language_of_the_visit_or_of_the_reader(self, walk, cast, speaking):
        visit = of(finnish_visit(walk, cast.contributor))

        def header(**asked):
            shown = data(self.QUERY, cast.contributor, id=of(walk.project), **asked)["project"]["uiConfig"]
            return shown["speak"][0]["headerDisplayText"]

        assert header(visit=visit) == "Mikä?"
        assert header(visit=visit, accept_language="en") == "Mikä?"
        assert header(accept_language="fi") == "Mikä?"
        assert header() == "What is it?"

    def test_a_visit_of_somebody_else_is_not_found(self, walk, cast):
        visit = of(finnish_visit(walk, cast.contributor))
        for viewer in (ANONYMOUS, cast.stranger, cast.owner):
            assert refused(self.QUERY, viewer, id=of(walk.project), visit=visit) == ("NOT_FOUND", "sessionId")
        assert data(self.QUERY, cast.curator, id=of(walk.project), visit=visit)
        for nonsense in ("", "x", of(walk.project), "9" * 40, "\x00"):
            assert refused(self.QUERY, id=of(walk.project), visit=nonsense) == ("NOT_FOUND", "sessionId")

    def test_a_list_of_projects_costs_what_one_costs(self, walk, cast, speaking):
        for name in ("A", "B", "C"):
            make_tags(make_project(name=name), "x", "y", category=name)
        query = (
            "query ($visit: ID) { projects { nodes { uiConfig(sessionId: $visit) { listen { groupShortName } } } } }"
        )
        visit = of(finnish_visit(walk, cast.contributor))
        # Languages and offers; the visit; the projects; groups, items, and the texts of both.
        assert len(statements(query, cast.contributor, visit=visit)) == 8
        groups = [node["uiConfig"]["listen"][0]["groupShortName"] for node in data(query)["projects"]["nodes"]]
        assert groups == ["Theme", "A", "B", "C"]

    def test_they_are_shown_wherever_the_project_is(self, walk):
        make_asset(walk.project)
        query = "{ assets { nodes { project { uiConfig { listen { groupShortName } } } } } }"
        shown = {"project": {"uiConfig": {"listen": [{"groupShortName": "Theme"}]}}}
        assert data(query)["assets"]["nodes"] == [shown, shown]
        assert len(statements(query)) == 7


class TestTheCursorOfAProject:
    QUERY = "{ projects { nodes { eventCursor } } }"

    def test_it_is_where_the_log_ends_and_of_a_log_that_has_not_begun_the_beginning(self, walk):
        walk_head = journal.head(walk.project.pk)
        quiet = make_project(name="Quiet")
        Head.objects.filter(project=quiet).delete()
        record(SoundscapeChanged(walk.project.pk))
        assert data(self.QUERY)["projects"]["nodes"] == [
            {"eventCursor": f"{walk_head.epoch}.{walk_head.sequence + 1}"},
            {"eventCursor": "00000000.0"},
        ]

    def test_it_is_read_with_the_project_itself(self, walk):
        (once,) = statements(self.QUERY)
        for number in range(5):
            make_project(name=f"project {number}")
        (again,) = statements(self.QUERY)
        assert "journal_head" in again
        assert once == again

    def test_it_leads_to_a_cursor_that_is_understood(self, walk):
        (shown,) = data(self.QUERY)["projects"]["nodes"]
        assert Cursor.parsed(shown["eventCursor"]) == journal.head(walk.project.pk)

    def test_it_is_shown_wherever_the_project_is(self, walk):
        query = "{ speakers { nodes { project { name eventCursor } } } }"
        (speaker,) = data(query)["speakers"]["nodes"]
        assert speaker["project"] == {"name": "Walk", "eventCursor": str(journal.head(walk.project.pk))}

    def test_it_costs_what_a_column_costs(self, walk):
        costs = [
            ask(f"{{ projects(first: 20) {{ nodes {{ {field} }} }} }}")["extensions"]["cost"]["requested"]
            for field in ("eventCursor", "name")
        ]
        assert costs[0] == costs[1]


class TestTexts:
    QUERY = """query ($id: ID!, $visit: ID) { project(id: $id) {
      description(sessionId: $visit) tags(first: 1) { nodes { label(sessionId: $visit) } }
    } }"""

    def test_the_language_of_a_visit_decides_then_those_of_the_project_then_english_then_any(self, walk, cast):
        visit = of(finnish_visit(walk, cast.contributor))
        walk.project.languages.set([Language.objects.create(code="sv")])

        def shown(*pairs):
            walk.project.description_texts.set(texts(*pairs))
            asked = {"id": of(walk.project), "visit": visit, "accept_language": "de"}
            return data(self.QUERY, cast.contributor, **asked)["project"]["description"]

        every = [("de", "Spaziergang"), ("en", "Walk"), ("sv", "Promenad"), ("fi", "Kävely")]
        assert shown(*every) == "Kävely"
        assert shown(*every[:3]) == "Promenad"
        assert shown(*every[:2]) == "Walk"
        assert shown(*every[:1]) == "Spaziergang"
        assert shown() is None

    def test_a_visit_without_a_language_reads_what_the_project_offers(self, walk, cast):
        visit = of(make_session(walk.project, cast.contributor, language=None))
        walk.project.description_texts.set(texts(("fi", "Kävely"), ("en", "Walk")))
        asked = {"id": of(walk.project), "visit": visit, "accept_language": "fi"}
        assert data(self.QUERY, cast.contributor, **asked)["project"]["description"] == "Walk"

    def test_a_visit_is_looked_up_once_however_many_texts_there_are(self, walk, cast):
        visit = of(finnish_visit(walk, cast.contributor))
        # Languages and offers; the visit; the project and its texts; tags and theirs.
        assert len(statements(self.QUERY, cast.contributor, id=of(walk.project), visit=visit)) == 7

    def test_two_visits_can_be_read_side_by_side(self, walk, cast):
        walk.tags[0].message_texts.set(texts(("en", "Sea"), ("fi", "Meri")))
        query = """query ($id: ID!, $fi: ID, $en: ID) { tag(id: $id) {
          fi: label(sessionId: $fi) en: label(sessionId: $en) mine: label
        } }"""
        visits = {
            "fi": of(finnish_visit(walk, cast.contributor)),
            "en": of(make_session(walk.project, cast.contributor)),
        }
        shown = data(query, cast.contributor, id=of(walk.tags[0]), accept_language="fi", **visits)["tag"]
        assert shown == {"fi": "Meri", "en": "Sea", "mine": "Meri"}

    def test_what_nobody_has_translated_is_shown_as_its_author_wrote_it(self, walk):
        walk.asset.description = "As recorded"
        walk.asset.save()
        query = "query ($id: ID!) { asset(id: $id) { description descriptionText altText } }"
        plain = {"description": "As recorded", "descriptionText": "As recorded", "altText": None}
        assert data(query, id=of(walk.asset))["asset"] == plain
        walk.asset.description_texts.set(texts(("fi", "Äänite")))
        assert data(query, id=of(walk.asset))["asset"] == {**plain, "descriptionText": "Äänite"}

    def test_editors_get_all_languages_of_all_fields(self, walk):
        english, finnish = texts(("en", "Walk"), ("fi", "Kävely"))
        (agreement,) = texts(("en", "Agree"))
        walk.project.description_texts.set([finnish, english])
        walk.project.legal_agreement_texts.set([agreement])
        query = """query ($id: ID!) { project(id: $id) {
          description legalAgreement translations { id field language text }
        } }"""
        shown = data(query, id=of(walk.project), accept_language="fi")["project"]
        assert (shown["description"], shown["legalAgreement"]) == ("Kävely", "Agree")
        assert shown["translations"] == [
            {"id": of(english), "field": "description", "language": "en", "text": "Walk"},
            {"id": of(finnish), "field": "description", "language": "fi", "text": "Kävely"},
            {"id": of(agreement), "field": "legalAgreement", "language": "en", "text": "Agree"},
        ]
        # Languages and offers; the project; a statement for each of its five kinds of texts, also when shown twice.
        assert len(statements(query, id=of(walk.project))) == 8


class TestAnAsset:
    def asset(self, walk, fields, **variables):
        declared = "".join(f", ${name}: {kind}" for name, (kind, _) in variables.items())
        query = f"query ($id: ID!{declared}) {{ asset(id: $id) {{ {fields} }} }}"
        return data(query, id=of(walk.asset), **{name: value for name, (_, value) in variables.items()})["asset"]

    def test_votes_are_counted_by_their_type(self, walk, cast):
        for user, mark in ((cast.contributor, 4), (cast.stranger, 5), (cast.owner, None)):
            visit = make_session(walk.project, user)
            Vote.objects.create(session=visit, asset=walk.asset, vote_type="like")
            Vote.objects.create(session=visit, asset=walk.asset, vote_type="rate", value=mark)
        Vote.objects.create(session=visit, asset=walk.asset, vote_type="flag", value=9)
        assert self.asset(walk, "likes flags votes { type total average }") == {
            "likes": 3,
            "flags": 1,
            "votes": [
                {"type": "LIKE", "total": 3, "average": None},
                {"type": "FLAG", "total": 1, "average": None},
                {"type": "RATE", "total": 3, "average": 4.5},
                {"type": "BLOCK_ASSET", "total": 0, "average": None},
                {"type": "BLOCK_USER", "total": 0, "average": None},
            ],
        }

    def test_a_distance_is_that_of_the_planner(self, walk):
        there = {"latitude": LATITUDE + 0.1, "longitude": LONGITUDE - 0.2}
        shown = self.asset(walk, "distance(from: $there)", there=("PositionInput!", there))
        assert shown["distance"] == metres_between(Position(**there), Position(LATITUDE, LONGITUDE))
        walk.asset.latitude = walk.asset.longitude = None
        walk.asset.save()
        assert self.asset(walk, "distance(from: $there)", there=("PositionInput!", there)) == {"distance": None}

    @pytest.mark.parametrize("there", ["latitude: 91, longitude: 0", "latitude: 0, longitude: 1e999"])
    def test_a_place_that_is_none_is_refused_once(self, walk, there):
        make_asset(walk.project)
        query = f"{{ assets {{ nodes {{ distance(from: {{{there}}}) }} }} }}"
        assert refused(query) == ("INVALID_INPUT", "latitude" if "91" in there else "longitude")

    def test_its_outline_is_as_coarse_as_asked_for(self, walk):
        assert self.asset(walk, "waveform { minima }") == {"waveform": None}
        walk.asset.waveform = {
            "version": 2,
            "channels": 1,
            "sample_rate": 100,
            "samples_per_pixel": 50,
            "bits": 8,
            "length": 3,
            "data": [-64, 32, -128, 127, 0, 64],
        }
        walk.asset.save()
        shown = self.asset(
            walk, "fine: waveform { minima maxima durationSeconds } coarse: waveform(points: 1) { maxima }"
        )
        assert shown["fine"] == {"minima": [-0.5, -1.0, 0.0], "maxima": [0.25, 0.9922, 0.5], "durationSeconds": 1.5}
        assert shown["coarse"] == {"maxima": [0.9922]}

    @pytest.mark.parametrize("points", [0, -1, 4001])
    def test_so_many_points_and_no_more(self, walk, points):
        make_asset(walk.project)
        assert refused(f"{{ assets {{ nodes {{ waveform(points: {points}) {{ minima }} }} }} }}") == (
            "INVALID_INPUT",
            "points",
        )

    def test_all_this_costs_the_list_no_further_statement(self, walk):
        for _ in range(3):
            make_asset(walk.project)
        query = """{ assets { nodes {
          likes flags votes { total } distance(from: {latitude: 60, longitude: 25}) waveform { minima }
        } } }"""
        assert len(statements(query)) == 1
