"""Rows are sought by narrow lookups, and nobody learns by seeking what they may not see."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from backend.assets.models import Asset, MediaType, Vote, VoteType
from backend.assets.resources import ASSET, ENVELOPE, VOTE
from backend.catalogue import CATALOGUE, filters
from backend.errors import InvalidInput
from backend.listening.models import ListenEvent
from backend.listening.resources import LISTEN_EVENT
from backend.projects.models import Language
from backend.projects.resources import PROJECT
from backend.resources.filters import MOST_CONDITIONS
from backend.resources.kinds import LOOKUPS, columns_along, kind_of
from backend.resources.lookup_values import MOST_CHARACTERS, MOST_VALUES
from backend.resources.viewer import ANONYMOUS
from backend.soundscape.resources import AUDIOTRACK, SPEAKER
from backend.visits.models import Event
from backend.visits.resources import EVENT, SESSION
from tests.cast import INSIDE, LATITUDE, LONGITUDE, make_asset, make_envelope, make_session

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
SQUARE = [[24, 60], [25, 60], [25, 61], [24, 61], [24, 60]]


def found(resource, wanted, viewer=ANONYMOUS):
    condition = filters.condition(resource, wanted, viewer)
    return list(resource.rows(viewer).filter(condition).order_by("pk"))


def refusal(resource, wanted, viewer=ANONYMOUS):
    with pytest.raises(InvalidInput) as raised:
        filters.condition(resource, wanted, viewer)
    return raised.value


@pytest.fixture
def asset(walk):
    """One that the tests describe; beside it there is another that fits nothing."""
    walk.asset.delete()
    language = Language.objects.create(code="fi", name="Finnish")
    made = make_asset(
        walk.project,
        description="Waves on the shore",
        language=language,
        media_type=MediaType.PHOTO,
        created_at=NOON,
        duration_seconds=7.5,
        weight=70,
        filename="shore.mp3",
    )
    make_asset(None, latitude=-10.0, longitude=10.0, description="", created_at=NOON - timedelta(days=9))
    return made


@pytest.mark.parametrize(
    "wanted",
    [
        {"id": {"exact": "ASSET"}},
        {"id": {"in": ["ASSET", 10**15]}},
        {"project": {"exact": "PROJECT"}},
        {"project": {"in": ["PROJECT"]}},
        {"project": {"is_null": False}},
        {"language__code": {"exact": "fi"}},
        {"language__code": {"in": ["sv", "fi"]}},
        {"language__code": {"contains": "F"}},
        {"language": {"is_null": False}},
        {"media_type": {"exact": "photo"}},
        {"media_type": {"in": ["photo", "video"]}},
        {"description": {"exact": "Waves on the shore"}},
        {"description": {"in": ["Waves on the shore", "Sea"]}},
        {"description": {"contains": "ON THE"}},
        {"description": {"starts_with": "wAVES ON"}},
        {"language__code": {"starts_with": "F"}},
        {"duration_seconds": {"exact": 7.5}},
        {"duration_seconds": {"lt": 12}},
        {"duration_seconds": {"lte": 7.5, "gte": 7.5}},
        {"weight": {"gt": 50}},
        {"weight": {"in": [70, 71]}},
        {"weight": {"gte": 70, "lte": 70}},
        {"created_at": {"exact": NOON}},
        {"created_at": {"gt": NOON - timedelta(seconds=1)}},
        {"created_at": {"gte": NOON.astimezone(timezone(timedelta(hours=5)))}},
        {"created_at": {"gte": NOON.replace(tzinfo=None)}},
        {"position": {"within": {"type": "Polygon", "coordinates": [SQUARE]}}},
        {"position": {"within_metres": {**INSIDE, "metres": 1}}},
        {"position": {"bbox": {"west": 24, "south": 60, "east": 25, "north": 61}}},
        {"position": {"bbox": {"west": 24, "south": 60, "east": -170, "north": 61}}},
        {"not": {"project": {"is_null": True}}},
        {"not": {"weight": {"exact": 50}}},
        {"or": [{"weight": {"exact": 70}}, {"description": {"exact": "Sea"}}]},
        {"and": [{"weight": {"exact": 70}}, {}], "media_type": {"exact": "photo"}},
        {"not": {"or": [{"not": {"weight": {"gt": 50}}}]}},
    ],
    ids=str,
)
def test_a_row_is_found_by_what_it_is(asset, wanted):
    def filled(value):
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [filled(each) for each in value]
        return {"ASSET": asset.pk, "PROJECT": asset.project_id}.get(value, value) if isinstance(value, str) else value

    assert found(ASSET, filled(wanted)) == [asset]


@pytest.mark.parametrize(
    "wanted",
    [
        {"id": {"in": []}},
        {"project": {"in": []}},
        {"weight": {"in": []}},
        {"tags": {"any": []}},
        {"or": []},
        {"not": {}},
        {"description": {"contains": "%"}},
        {"description": {"contains": "shore.*"}},
        {"weight": {"exact": 2**63 - 1}},
        {"weight": {"gt": 2**40}},
        {"duration_seconds": {"gt": 1e308}},
        {"project": {"exact": 999_999}},
    ],
    ids=str,
)
def test_what_fits_nothing_finds_nothing(asset, wanted):
    assert found(ASSET, wanted) == []


@pytest.mark.parametrize("wanted", [{}, {"and": []}, {"tags": {"all": []}}, {"or": [{}]}, {"weight": {}}], ids=str)
def test_what_asks_for_nothing_finds_all(asset, wanted):
    assert len(found(ASSET, wanted)) == 2


@pytest.mark.parametrize("text", ["äiti", "Äiti", "ÄITI", "maa-ÄITI", "Ö"])
def test_letters_beyond_ascii_are_found_in_capitals_too(walk, text):
    Asset.objects.filter(pk=walk.asset.pk).update(description="ÄITI-ö ja maa-äiti")
    assert found(ASSET, {"description": {"contains": text}}) == [walk.asset]


@pytest.mark.parametrize(
    ("held", "text"),
    [
        ("École du soir", "école"),
        ("école du soir", "ÉCOLE"),
        ("ÉCOLE DU SOIR", "École d"),
        ("ßtraßen", "ßtra"),
        ("STRASSE 7", "straße"),
        ("Straße 7", "sTRA"),
        ("100%_", "100%_"),
    ],
)
def test_a_beginning_is_found_in_any_capitals_and_nowhere_else(walk, held, text):
    Asset.objects.filter(pk=walk.asset.pk).update(description=held)
    make_asset(walk.project, description=f" {held}")
    make_asset(walk.project, description="")
    assert found(ASSET, {"description": {"starts_with": text}}) == [walk.asset]


def test_signs_of_a_pattern_begin_nothing_but_themselves(walk):
    Asset.objects.filter(pk=walk.asset.pk).update(description="gulls")
    for text in ("%ulls", "_ulls", "g%", "^g"):
        assert found(ASSET, {"description": {"starts_with": text}}) == []


class TestLinkedRows:
    @pytest.fixture
    def tagged(self, walk):
        both, second = make_asset(walk.project), make_asset(walk.project)
        both.tags.set(walk.tags)
        second.tags.set(walk.tags[1:])
        return walk.asset, both, second

    def test_any_of_them_is_enough_and_finds_a_row_once(self, walk, tagged):
        keys = [tag.pk for tag in walk.tags]
        assert found(ASSET, {"tags": {"any": keys}}) == list(tagged)
        assert found(ASSET, {"tags": {"any": keys[:1]}}) == list(tagged[:2])

    def test_all_of_them_are_needed_even_when_one_is_said_twice(self, walk, tagged):
        keys = [tag.pk for tag in walk.tags]
        assert found(ASSET, {"tags": {"all": keys}}) == [tagged[1]]
        assert found(ASSET, {"tags": {"all": [*keys, *keys]}}) == [tagged[1]]
        assert found(ASSET, {"tags": {"all": keys[1:]}}) == list(tagged[1:])
        assert found(ASSET, {"tags": {"all": [*keys, 999_999]}}) == []

    def test_both_lookups_together_and_their_opposite(self, walk, tagged):
        first, second = (tag.pk for tag in walk.tags)
        assert found(ASSET, {"tags": {"any": [first], "all": [second]}}) == [tagged[1]]
        assert found(ASSET, {"not": {"tags": {"any": [first]}}}) == [tagged[2]]

    def test_rows_are_found_by_the_other_side_of_a_link_too(self, walk, cast):
        envelope = make_envelope(make_session(walk.project, cast.contributor), walk.asset)
        assert found(ENVELOPE, {"assets": {"any": [walk.asset.pk]}}, cast.contributor) == [envelope]
        assert found(ASSET, {"envelopes": {"all": [envelope.pk]}}, cast.contributor) == [walk.asset]
        group = walk.project.groups.create(name="Helsinki")
        assert found(PROJECT, {"groups": {"any": [group.pk]}}) == [walk.project]


class TestWhatIsNotForAll:
    @pytest.fixture
    def visit(self, walk, cast):
        visit = make_session(walk.project, cast.contributor)
        Asset.objects.filter(pk=walk.asset.pk).update(session=visit, user=cast.contributor)
        return visit

    @pytest.mark.parametrize("who", ["contributor", "owner", "curator"])
    def test_those_who_see_a_visit_seek_by_it(self, walk, cast, visit, who):
        viewer = getattr(cast, who)
        assert found(ASSET, {"session": {"exact": visit.pk}}, viewer) == [walk.asset]
        assert found(ASSET, {"session": {"is_null": False}}, viewer) == [walk.asset]
        assert found(ASSET, {"not": {"session": {"exact": visit.pk}}}, viewer) == []

    def test_to_others_it_is_as_a_visit_that_is_not_there(self, walk, cast, visit):
        for viewer in (cast.stranger, ANONYMOUS):
            for key in (visit.pk, 999_999):
                assert found(ASSET, {"session": {"exact": key}}, viewer) == []
                assert found(ASSET, {"not": {"session": {"exact": key}}}, viewer) == [walk.asset]
            assert found(ASSET, {"session": {"is_null": True}}, viewer) == [walk.asset]
            assert found(ASSET, {"session": {"is_null": False}}, viewer) == []

    def test_nobody_seeks_by_who_somebody_else_is(self, walk, cast, visit):
        by_author = {"user": {"exact": cast.contributor.pk}}
        assert found(ASSET, by_author, cast.contributor) == [walk.asset]
        assert found(ASSET, by_author, cast.stranger) == []
        assert found(SESSION, by_author, cast.owner) == []
        assert found(PROJECT, {"owners": {"any": [cast.owner.pk]}}, cast.stranger) == []
        assert found(PROJECT, {"owners": {"any": [cast.owner.pk]}}, cast.owner) == [walk.project]

    def test_every_row_on_the_way_along_a_path_must_be_seen(self, walk, cast, visit):
        envelope = make_envelope(visit, walk.asset)
        by_project = {"session__project": {"exact": walk.project.pk}}
        assert found(ENVELOPE, by_project, cast.contributor) == [envelope]
        assert envelope not in found(ENVELOPE, by_project, cast.stranger)

    def test_a_hidden_asset_is_not_sought_by_either(self, walk, cast, visit):
        hidden = make_asset(walk.project, submitted=False, session=visit, media_type=MediaType.PHOTO)
        other = make_session(walk.project, cast.stranger)
        vote = Vote.objects.create(session=other, asset=hidden, vote_type=VoteType.LIKE)
        assert found(VOTE, {"asset__media_type": {"exact": "photo"}}, cast.stranger) == []
        assert found(VOTE, {"asset__media_type": {"exact": "photo"}}, cast.owner) == [vote]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"nonsense": {"exact": 1}}, "filter.nonsense"),
        ({"moderation_reason": {"contains": "x"}}, "filter.moderation_reason"),
        ({"weight": 3}, "filter.weight"),
        ({"weight": {"regex": "x"}}, "filter.weight.regex"),
        ({"description": {"regex": "x"}}, "filter.description.regex"),
        ({"project": {"contains": "x"}}, "filter.project.contains"),
        ({"tags": {"exact": 1}}, "filter.tags.exact"),
        ({"weight": {"exact": None}}, "filter.weight.exact"),
        ({"weight": {"exact": "many"}}, "filter.weight.exact"),
        ({"weight": {"exact": 2**63}}, "filter.weight.exact"),
        ({"weight": {"exact": 1.5}}, "filter.weight.exact"),
        ({"weight": {"in": 3}}, "filter.weight.in"),
        ({"weight": {"in": [None]}}, "filter.weight.in"),
        ({"id": {"exact": "x"}}, "filter.id.exact"),
        ({"id": {"exact": "9" * 5_000}}, "filter.id.exact"),
        ({"id": {"exact": 10**30}}, "filter.id.exact"),
        ({"id": {"exact": True}}, "filter.id.exact"),
        ({"project": {"in": list(range(MOST_VALUES + 1))}}, "filter.project.in"),
        ({"submitted": {"exact": 1}}, "filter.submitted.exact"),
        ({"duration_seconds": {"gt": float("nan")}}, "filter.duration_seconds.gt"),
        ({"duration_seconds": {"gt": float("inf")}}, "filter.duration_seconds.gt"),
        ({"duration_seconds": {"gt": 10**400}}, "filter.duration_seconds.gt"),
        ({"description": {"contains": "a\x00b"}}, "filter.description.contains"),
        ({"description": {"contains": "\ud800"}}, "filter.description.contains"),
        ({"description": {"contains": "x" * (MOST_CHARACTERS + 1)}}, "filter.description.contains"),
        ({"description": {"exact": 3}}, "filter.description.exact"),
        ({"description": {"starts_with": "a\x00b"}}, "filter.description.starts_with"),
        ({"description": {"starts_with": 3}}, "filter.description.starts_with"),
        ({"media_type": {"starts_with": "p"}}, "filter.media_type.starts_with"),
        ({"created_at": {"gt": "yesterday"}}, "filter.created_at.gt"),
        ({"created_at": {"gt": datetime.max.replace(tzinfo=timezone(-timedelta(hours=9)))}}, "filter.created_at.gt"),
        ({"position": {"within": {"type": "Point", "coordinates": [1, 2]}}}, "filter.position.within"),
        ({"position": {"within": "POLYGON((0 0, 1 0, 1 1, 0 0))"}}, "filter.position.within"),
        ({"position": {"within": {"type": "Polygon", "coordinates": [SQUARE[:-1]]}}}, "filter.position.within"),
        ({"position": {"within_metres": {**INSIDE}}}, "filter.position.within_metres"),
        ({"position": {"within_metres": {**INSIDE, "metres": -1}}}, "filter.position.within_metres.metres"),
        ({"position": {"within_metres": {**INSIDE, "metres": 1e9}}}, "filter.position.within_metres.metres"),
        (
            {"position": {"within_metres": {"latitude": 91, "longitude": 0, "metres": 1}}},
            "filter.position.within_metres.latitude",
        ),
        ({"position": {"bbox": {"west": 1, "south": 2, "east": 1, "north": 3}}}, "filter.position.bbox"),
        ({"position": {"bbox": {"west": 1, "south": 3, "east": 2, "north": 3}}}, "filter.position.bbox"),
        ({"position": {"bbox": {"west": 181, "south": 2, "east": 1, "north": 3}}}, "filter.position.bbox.west"),
        ({"position": {"bbox": []}}, "filter.position.bbox"),
        ({"and": {"weight": {"exact": 1}}}, "filter.and"),
        ({"not": []}, "filter.not"),
        ({"not": {"not": {"not": {"not": {}}}}}, "filter.not.not.not.not"),
        ({"or": [{"weight": {"exact": n}} for n in range(MOST_CONDITIONS)]}, "filter.or.weight.exact"),
        ({"and": [{"and": [{}] * 90}] * 90}, "filter.and.and"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_cannot_be_sought_is_refused_with_its_path(db, wanted, field):
    assert refusal(ASSET, wanted).field == field


def test_more_than_a_hundred_values_in_a_filter_are_possible_when_no_list_is_longer(db):
    wanted = {"or": [{"weight": {"in": list(range(MOST_VALUES))}}, {"id": {"in": list(range(1, MOST_VALUES + 1))}}]}
    assert found(ASSET, wanted) == []


class TestTheOldApisFilters:
    """What roundware-behaviour.md 2.3 lists, beyond what the asset's tests have."""

    def test_events_are_found_by_type_time_place_and_tags(self, walk, cast):
        visit = make_session(walk.project, cast.contributor)
        event = Event.objects.create(
            session=visit,
            event_type="start_listen",
            logged_at=NOON,
            latitude=str(LATITUDE),
            longitude=str(LONGITUDE),
            tag_ids="3,8",
        )
        Event.objects.create(session=visit, event_type="heartbeat", latitude="north", longitude="", logged_at=NOON)
        for wanted in (
            {"event_type": {"contains": "LISTEN"}, "logged_at": {"gte": NOON, "lt": NOON + timedelta(days=1)}},
            {"position": {"within_metres": {**INSIDE, "metres": 5}}},
            {"tag_ids": {"contains": "8"}},
            {"position": {"is_null": False}},
        ):
            assert found(EVENT, {**wanted, "session": {"exact": visit.pk}}, cast.owner) == [event]
            assert found(EVENT, wanted, cast.stranger) == []

    def test_listen_events_are_found_by_project_asset_time_and_duration(self, walk, cast):
        visit = make_session(walk.project, cast.contributor)
        event = ListenEvent.objects.create(session=visit, asset=walk.asset, started_at=NOON, duration_seconds=4.0)
        wanted = {
            "session__project": {"exact": walk.project.pk},
            "asset": {"exact": walk.asset.pk},
            "started_at": {"gte": NOON},
            "duration_seconds": {"lte": 4.0},
            "play_id": {"exact": str(event.play_id)},
        }
        assert found(LISTEN_EVENT, wanted, cast.owner) == [event]

    def test_speakers_are_found_by_place_and_audiotracks_by_ranges(self, walk):
        near = {"latitude": LATITUDE + 0.01, "longitude": LONGITUDE}
        # The zone ends 550 m north of its middle, the place is 1,114 m north of it.
        assert found(SPEAKER, {"shape": {"within_metres": {**near, "metres": 550}}}) == []
        assert found(SPEAKER, {"shape": {"within_metres": {**near, "metres": 570}}}) == [walk.speaker]
        assert found(AUDIOTRACK, {"min_duration_seconds": {"lte": 10}, "repeat_recordings": {"exact": False}}) == [
            walk.audiotrack
        ]

    def test_visits_are_found_by_language_and_votes_by_value(self, walk, cast):
        visit = make_session(walk.project, cast.contributor)
        assert found(SESSION, {"language__code": {"exact": "en"}}, cast.contributor) == [visit]
        vote = Vote.objects.create(session=visit, asset=walk.asset, vote_type=VoteType.RATE, value=4)
        assert found(VOTE, {"vote_type": {"exact": "rate"}, "value": {"gte": 4}}, cast.owner) == [vote]


@pytest.mark.parametrize("resource", CATALOGUE, ids=lambda resource: resource.model.__name__)
def test_every_lookup_of_every_declaration_is_one_statement_that_the_database_understands(
    walk, cast, resource, django_assert_max_num_queries
):
    values = {
        "is_null": False,
        "in": [],
        "any": [1],
        "all": [1, 2],
        "contains": "x",
        "within": {"type": "Polygon", "coordinates": [SQUARE]},
        "within_metres": {**INSIDE, "metres": 10},
        "bbox": {"west": 24, "south": 60, "east": 25, "north": 61},
    }
    samples = {"FLAG": True, "TEXT": "x", "CHOICE": "x", "MOMENT": NOON, "FRACTION": 1.5, "WHOLE": 1}
    uuid = "0b8f6f3e-0000-4000-8000-000000000000"
    for viewer in (cast.stranger, cast.curator):
        for path in resource.filter:
            column = columns_along(resource.model, path)[-1]
            kind = kind_of(column)
            key = column.related_model._meta.pk if column.is_relation else column
            sample = samples.get(kind.name, uuid if key.get_internal_type() == "UUIDField" else 1)
            for lookup in LOOKUPS[kind]:
                value = values.get(lookup, sample)
                with django_assert_max_num_queries(1):
                    list(resource.rows(viewer).filter(filters.condition(resource, {path: {lookup: value}}, viewer))[:1])
