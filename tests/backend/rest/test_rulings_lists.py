"""Rulings on lists: which rows a query gives, in which order, in pages."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from backend.assets.models import Asset, Vote
from backend.visits.models import Event, Session
from tests.backend.rest.conftest import Caller, ids
from tests.backend.rest.rulings import in_world, ruling
from tests.backend.rest.world import World
from tests.cast import Cast, make_asset


class Query(NamedTuple):
    """Who asks at which address, and the rows that they are given, by their names."""

    topic: str
    who: str
    path: str
    rows: list[str]


BOTH = ["other_asset", "asset"]
TEXTS = ["text", "other_text"]
TRACK = ["audiotrack"]
EVENT = ["event"]
HEARD = ["listen_event"]

QUERIES = [
    Query("An id of no row in a filter", "contributor", "listenevents/?session={missing}", []),
    Query("An id of no row in a filter", "contributor", "assets/?project_id={missing}", []),
    Query("An id of no row in a filter", "curator", "votes/?asset_id={missing}", []),
    Query("Nothing is chosen yet", "contributor", "projects/?project_id=0&admin=1", ["project"]),
    Query("Nothing is chosen yet", "contributor", "assets/?project_id=0&session_id=0", BOTH),
    Query(
        "Parameters that are not known", "contributor", "speakers/?cache=true&search=x&limit=1&offset=5", ["speaker"]
    ),
    Query("Words for true and false", "contributor", "audiotracks/?active=True", TRACK),
    Query("Words for true and false", "contributor", "audiotracks/?active=yes", TRACK),
    Query("Words for true and false", "contributor", "audiotracks/?active=1", TRACK),
    Query("Words for true and false", "contributor", "audiotracks/?active=off", []),
    Query("Words for true and false", "contributor", "audiotracks/?active=false", []),
    Query("Words for nothing", "contributor", "assets/?tag_ids=undefined&media_type=&session_id=null", BOTH),
    Query("Order of a list", "contributor", "assets/?ordering=-id", BOTH[::-1]),
    Query("Order of a list", "contributor", "assets/?ordering=-session_id", BOTH),
    Query("Order of a list", "contributor", "assets/?ordering=created", BOTH),
    Query("Order of a list", "contributor", "tags/?ordering=-value", ["tag", "other_tag"]),
    Query("Lists of ids", "contributor", "assets/?tag_ids={tag},{other_tag},", ["asset"]),
    Query("Lists of ids", "contributor", "assets/?tag_ids={tag}&tag_ids={other_tag},", ["asset"]),
    Query("Others' sessions", "stranger", "events/", []),
    Query("Others' sessions", "stranger", "listenevents/?session_id={session}", []),
    Query("Others' sessions", "stranger", "sessions/?language_id={language}", []),
    Query("Others' sessions", "owner", "events/", EVENT),
    Query("Others' sessions", "curator", "listenevents/", HEARD),
    Query("Assets: `tag_ids`", "contributor", "assets/?tag_ids={tag}", BOTH),
    Query("Assets: `tag_ids`", "contributor", "assets/?tag_ids={tag},{other_tag}", ["asset"]),
    Query("Assets: `tag_ids_or` and `tags`", "contributor", "assets/?tag_ids_or={tag},{other_tag}", BOTH),
    Query("Assets: `tag_ids_or` and `tags`", "contributor", "assets/?tags={tag}&tags={other_tag}", BOTH),
    Query("Assets: `tag_ids_or` and `tags`", "contributor", "assets/?tag_ids_or={other_tag}", ["asset"]),
    Query("Assets: `envelope_ids`", "contributor", "assets/?envelope_ids={envelope}", ["asset"]),
    Query("Assets: `envelope_ids`", "contributor", "assets/?envelope_id={envelope},{staff_envelope}", BOTH),
    Query("Assets: `envelope_ids`", "contributor", "assets/?envelope={staff_envelope}", ["other_asset"]),
    Query("Assets: `latitude` and `longitude`", "contributor", "assets/?latitude=60.17&longitude=24.940", BOTH),
    Query("Assets: `latitude` and `longitude`", "contributor", "assets/?latitude=60", []),
    Query("Assets: `audiolength`", "contributor", "assets/?audiolength=12", BOTH),
    Query("Assets: `audiolength`", "contributor", "assets/?audiolength__gte=12.5", []),
    Query("Assets: text and people", "contributor", "assets/?text_filter=A.MP", BOTH),
    Query("Assets: text and people", "contributor", "assets/?filename=a.M", BOTH),
    Query("Assets: text and people", "contributor", "assets/?description=zzz", []),
    Query("Assets of a project", "contributor", "projects/{project}/assets/?ordering=-id&submitted=1", BOTH[::-1]),
    Query("Votes: list", "contributor", "votes/?type=rate", ["rate"]),
    Query("Votes: list", "owner", "votes/?project_id={project}&value=5", ["rate"]),
    Query("Votes: list", "curator", "votes/?type=like&voter_id={contributor}&media_type=audio", ["like"]),
    Query("Votes: list", "stranger", "votes/", []),
    Query("Audiotracks: filters on times", "contributor", "audiotracks/?minduration=10&maxdeadair__lte=3", TRACK),
    Query("Audiotracks: filters on times", "contributor", "audiotracks/?minduration__gte=10.5", []),
    Query("Events: filter `tag_ids`", "contributor", "events/?tag_ids=8,3", EVENT),
    Query("Events: filter `tag_ids`", "contributor", "events/?tag_ids=38", []),
    Query("Events: filter `tag_ids`", "contributor", "events/?tag_ids=3,4", []),
    Query("Events: `event_type`", "contributor", "events/?event_type=X", EVENT),
    Query("Events: `event_type`", "contributor", "events/?event_type=xx", []),
    Query("Languages: filter by code", "contributor", "languages/?language_code=E", ["english"]),
    Query("Languages: filter by code", "contributor", "languages/?name=nni", ["language"]),
    Query("Listen events: `duration`", "contributor", "listenevents/?duration__gte=28410000000", HEARD),
    Query("Listen events: `duration`", "contributor", "listenevents/?duration__lte=28000000000", []),
    Query("Listen events: `duration`", "contributor", "listenevents/?duration_in_seconds__gte=28.4", HEARD),
    Query("Listen events: `duration`", "contributor", "listenevents/?duration_in_seconds__lte=28.4", []),
    Query("Listen events: a period", "contributor", "listenevents/?start_time__range=week", HEARD),
    Query("Localised strings: filter `language`", "contributor", "localizedstrings/?language=en", TEXTS),
    Query("Localised strings: filter `language`", "contributor", "localizedstrings/?language=e", []),
    Query("Localised strings: `text`", "contributor", "localizedstrings/?localized_string=X", ["text"]),
    Query("Localised strings: `text`", "contributor", "localizedstrings/?text=y", ["other_text"]),
    Query("Tags of a project: filters", "contributor", "projects/{project}/tags/?data=CLASS", ["tag", "other_tag"]),
    Query("Tags of a project: filters", "contributor", "projects/{project}/tags/?description=zzz", []),
    Query("Pictures: filter `uielementname`", "contributor", "uielements/?uielementname=LOG", ["element"]),
    Query("UI groups: filter `name`", "contributor", "uigroups/?name=THE", ["ui_group"]),
    Query("UI groups: filter `name`", "contributor", "uigroups/?name=heme", []),
]


@ruling(*(query.topic for query in QUERIES))
def test_a_query_gives_these_rows(world: World, callers: Callable[[str], Caller], subtests: pytest.Subtests) -> None:
    for query in QUERIES:
        with subtests.test(query=query):
            found = ids(callers(query.who).get(in_world(query.path, world)))
            assert found == [world.ids[name] for name in query.rows]


@ruling("Assets: text and people")
def test_an_author_is_found_by_those_alone_who_may_see_who_it_is(world: World, callers: Any, cast: Cast) -> None:
    Asset.objects.filter(pk=world.ids["asset"]).update(user=cast.contributor)
    for who, found in {"contributor": ["asset"], "curator": ["asset"], "stranger": [], "owner": []}.items():
        answer = callers(who).get("assets/", user_str="CONTRIBUT")
        assert [row["id"] for row in answer.json()] == [world.ids[name] for name in found], who


@ruling("Events: filters on place and time")
def test_a_place_is_sought_as_numbers(world: World, api: Caller) -> None:
    for event in Event.objects.all():
        event.save()
    for latitude, longitude, count in ((40.75921249389648, -73.98463439941406, 1), ("4", "", 0), ("", "-73.9", 0)):
        assert len(api.get("events/", latitude=latitude, longitude=longitude).json()) == count, latitude


@ruling("Events: filters on place and time")
def test_a_day_is_all_of_its_day(world: World, api: Caller) -> None:
    Event.objects.update(logged_at="2026-05-01T23:30:00Z")
    for query, count in {"2026-05-01": 1, "2026-05-02": 0, "2026-05-01T23:30:00": 1, "2026-05-01T23:31:00": 0}.items():
        assert len(api.get("events/", server_time=query).json()) == count, query


@ruling("Dates that are sent")
def test_a_date_without_a_zone_is_in_that_of_the_session(world: World, api: Caller) -> None:
    Session.objects.filter(pk=world.ids["session"]).update(timezone="-0500")
    sent = {"session": world.ids["session"], "asset": world.ids["asset"]}
    for written, told in {
        "2026-01-02T03:04:05": "2026-01-02T08:04:05.000000",
        "2026-01-02T03:04:05.678Z": "2026-01-02T03:04:05.678000",
        "2026-01-02T03:04:05+02:00": "2026-01-02T01:04:05.000000",
    }.items():
        body = api.post("listenevents/", {**sent, "starttime": written}).json()
        assert body["start_time"] == told
    Session.objects.update(timezone="0000")
    assert api.post("listenevents/", {**sent, "starttime": "2026-01-02T03:04:05"}).json()["start_time"] == (
        "2026-01-02T03:04:05.000000"
    )


PAGED = [
    "assets/",
    "projects/{project}/assets/",
    "listenevents/",
    "sessions/",
    "tags/",
    "uigroups/",
    "events/",
    "votes/",
]


@ruling("Pages")
def test_every_list_comes_in_pages(world: World, callers: Callable[[str], Caller], subtests: pytest.Subtests) -> None:
    for path in PAGED:
        with subtests.test(path=path):
            check_pages(callers("curator"), in_world(path, world))


def check_pages(caller: Caller, path: str) -> None:
    everything = caller.get(path).json()
    page = caller.get(path, paginate="y", page_size=1, page=len(everything)).json()
    assert page.keys() == {"count", "next", "previous", "results"}
    assert (page["count"], page["next"], page["results"]) == (len(everything), None, everything[-1:])
    assert caller.get(path, paginate="true").json()["results"] == everything
    assert caller.get(path, paginate="off").json() == everything


@ruling("Pages")
def test_a_page_counts_with_paginate_alone(world: World, api: Caller) -> None:
    assert api.get("assets/", page=99).json() == api.get("assets/").json()
    answer = api.get("assets/", paginate="true", page=99)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


@ruling("Counts")
def test_a_list_is_counted_with_its_filters(world: World, api: Caller) -> None:
    for path, count in {
        "assets/count/": 2,
        "assets/count?tag_ids={other_tag}": 1,
        "listenevents/count/": 1,
        "sessions/count/?project_id=0": 2,
        "tags/count/": 2,
    }.items():
        assert api.get(in_world(path, world)).json() == {"count": count}, path


@ruling("Assets at random")
def test_some_are_chosen_in_the_order_of_their_ids(world: World, api: Caller) -> None:
    everything = [world.ids["other_asset"], world.ids["asset"], *(make_asset(None).pk for _ in range(8))]
    assert len(api.get("assets/random/").json()) == 1
    assert ids(api.get("assets/random/", limit=12)) == everything
    some = ids(api.get("assets/random/", limit=5))
    assert some == sorted(set(some)) and len(some) == 5
    assert api.get("assets/random/", limit=2, media_type="text").json() == []


@ruling("Votes: list")
def test_votes_count_everybodys(world: World, callers: Callable[[str], Caller]) -> None:
    theirs = Session.objects.exclude(user__isnull=True).get(user__username="stranger")
    Vote.objects.create(session=theirs, asset_id=world.ids["asset"], vote_type="rate", value=2)
    (rate,) = callers("contributor").get("votes/", type="rate").json()
    assert rate["asset_votes"] == [{"type": "like", "total": 1}, {"type": "rate", "total": 2, "avg": 3.5}]


SUMMARIES: list[tuple[str, Any]] = [
    ("", [{"type": "like", "total": 1}, {"type": "rate", "total": 1, "avg": 5}]),
    ("type=rate", {"average": 5, "count": 1}),
    ("type=like&project_id={project}", 1),
]


@ruling("Votes: summary")
def test_votes_are_summed_up_by_asset(world: World, stranger: Caller, subtests: pytest.Subtests) -> None:
    for query, told in SUMMARIES:
        with subtests.test(query=query):
            answer = stranger.get(in_world(f"votes/summary/?asset_id={{asset}}&{query}", world))
            assert answer.json() == [{"asset_id": world.ids["asset"], "asset_votes": told}]
