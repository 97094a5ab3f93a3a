"""A list costs as many statements as it has relations, however many rows there are."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.resources import reads
from backend.rest.urls import ID, RESOURCES, urlpatterns
from tests.backend.rest.conftest import Caller
from tests.backend.rest.crowd import Place, gather

# What answers a GET and shows no list.
NO_LISTS = {"", "streams/:id/isactive", *(f"{address}/:id" for address in RESOURCES)}
# How clients ask for a list.
MANNERS: dict[str, dict[str, str]] = {"": {}, "paginated": {"paginate": "true"}, "for an admin": {"admin": "1"}}
SINCE = {"updated__gte": "2000-01-01T00:00:00Z"}
ROWS = (1, 7)


def lists() -> list[str]:
    """The address of every list, as `projects/:id/tags`."""
    views = {each.pattern.regex.pattern: getattr(each.callback, "cls", None) for each in urlpatterns}
    readable = [regex for regex, view in views.items() if hasattr(view, "get") and "get" in view.http_method_names]
    addresses = [regex.removeprefix("^").removesuffix("$").removesuffix("/?").replace(ID, ":id") for regex in readable]
    return [address for address in addresses if address not in NO_LISTS]


@dataclass(frozen=True)
class Answer:
    """What a list said, and the statements that it took."""

    content: bytes
    statements: list[str]


@pytest.fixture
def place(walk, cast) -> Place:
    return Place.of(walk, cast)


def needed(address: str, place: Place) -> dict[str, Any]:
    """What the query must name: without it there is no answer, or none that grows."""
    visit = {"session_id": place.visit.pk}
    return {
        "assets/blocked": visit,
        "assets/random": {"limit": 50},
        "projects/:id/tags": visit,
        "projects/:id/uigroups": visit,
        "projects/:id/uiconfig": visit,
        "projects/:id/uielements": {"variant": "@2x"},
        "projectgroups/:id/projects": {"latitude": 60.17, "longitude": 24.94},
    }.get(address, {})


def ask(api: Caller, place: Place, address: str, **query: Any) -> Answer:
    owners = {"projects": place.walk.project, "projectgroups": place.group, "assets": place.walk.asset}
    owner = owners.get(address.partition("/")[0])
    path = address.replace(":id", str(owner.pk)) if owner else address
    with CaptureQueriesContext(connection) as captured:
        response = api.get(f"{path}/", **needed(address, place), **query)
    assert response.status_code == 200, (address, response.content)
    # Django asks SpatiaLite for its version once a process.
    made = [each["sql"] for each in captured.captured_queries if "version()" not in each["sql"]]
    return Answer(response.content, made)


def beside_authentication(answer: Answer) -> int:
    return len([sql for sql in answer.statements if '"accounts_token"' not in sql])


def test_every_list_of_the_door_is_among_them():
    found = lists()
    assert {*RESOURCES, *(f"{address}/count" for address in RESOURCES)} <= set(found)
    assert len(found) == 2 * len(RESOURCES) + 10


# A page of rows that have no order may hold any of them.
@pytest.mark.filterwarnings("error::django.core.paginator.UnorderedObjectListWarning")
@pytest.mark.parametrize("who", ["contributor", "curator"])
@pytest.mark.parametrize("manner", MANNERS)
def test_no_list_takes_more_statements_for_more_rows(place, caller, who, manner):
    person = getattr(place.cast, who)
    api = caller(person)
    # People are listed for staff alone.
    open_lists = [each for each in lists() if person.is_staff or each.partition("/")[0] != "users"]
    answers: list[dict[str, Answer]] = []
    for before, rows in zip((0, *ROWS), ROWS, strict=False):
        for number in range(before, rows):
            gather(place, number)
        answers.append({address: ask(api, place, address, **MANNERS[manner]) for address in open_lists})
    few, many = answers
    assert [address for address in open_lists if few[address].content == many[address].content] == []
    counts = [{address: len(answer.statements) for address, answer in each.items()} for each in answers]
    assert counts[1] == counts[0]


@pytest.mark.parametrize("who", ["contributor", "curator"])
def test_shells_of_assets_that_are_gone_take_no_more_statements_for_more_of_them(place, caller, who):
    api = caller(getattr(place.cast, who))
    gather(place, 0)
    few = ask(api, place, "assets", **SINCE)
    for number in range(1, 7):
        gather(place, number)
    many = ask(api, place, "assets", **SINCE)
    assert len(many.content) > len(few.content)
    assert len(many.statements) == len(few.statements)


@pytest.mark.parametrize("who", ["contributor", "curator"])
def test_a_list_of_assets_takes_at_most_six_statements_beside_authentication(place, caller, who):
    for number in range(7):
        gather(place, number)
    api = caller(getattr(place.cast, who))
    counts = {manner: beside_authentication(ask(api, place, "assets", **query)) for manner, query in MANNERS.items()}
    # The rows, what they lead to, their authors, and which of those the viewer may write. A page is counted and
    # chosen first; admins are told two kinds of texts.
    assert counts == {"": 4, "paginated": 6, "for an admin": 6}


@pytest.mark.parametrize("who", ["contributor", "curator"])
def test_rows_that_are_too_many_to_be_named_are_found_again_in_as_many_statements(place, caller, monkeypatch, who):
    for number in range(7):
        gather(place, number)
    api = caller(getattr(place.cast, who))
    asked = [("assets", {}), ("assets", {"paginate": "true"}), ("tags", {"admin": "1"}), ("projects/:id/assets", {})]
    named = [ask(api, place, address, **query) for address, query in asked]
    monkeypatch.setattr(reads, "MOST_NAMED", 2)
    sought = [ask(api, place, address, **query) for address, query in asked]
    assert [each.content for each in sought] == [each.content for each in named]
    assert [len(each.statements) for each in sought] == [len(each.statements) for each in named]
