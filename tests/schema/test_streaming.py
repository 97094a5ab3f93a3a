"""Who hears the same: those who ask the same, wherever they go on from; and what it costs to have told them."""

import asyncio
import gc
import tracemalloc
from contextlib import aclosing
from functools import reduce
from types import SimpleNamespace
from uuid import uuid4

import pytest
from graphql import OperationType

from backend.accounts.models import User
from schema.context import Context
from schema.documents import Refused
from schema.execution import Approved
from schema.ids import global_id
from schema.reading import Reader
from schema.streaming import Subscription, audience, begun

FOLLOW = """subscription Follow($id: ID!, $after: String) {
    projectEvents(projectId: $id, after: $after) { __typename ... on LiveEvent { cursor } }
}"""
STAFF = User(pk=1, is_staff=True)


def asked(text=FOLLOW, name="Follow", viewer=STAFF, languages="", **variables):
    ready = Approved(text, {"id": "1", **variables}, name, OperationType.SUBSCRIPTION, {})
    return audience(ready, Context(viewer, Reader(languages)))


def test_the_place_to_go_on_from_makes_no_difference():
    assert asked() == asked(after=None) == asked(after="3f9a1c20.148")


@pytest.mark.parametrize(
    "other",
    [
        {"id": "2"},
        {"languages": "fi"},
        {"text": FOLLOW + " "},
        {"name": None},
        {"id": "1", "unknown": 1},
    ],
)
def test_all_else_does(other):
    assert asked(**other) != asked()


def test_who_asks_makes_no_difference():
    assert asked(viewer=User(pk=2, is_staff=True)) == asked(viewer=Context().viewer) == asked()


def test_languages_are_the_same_however_they_are_written():
    assert asked(languages="fi-FI,en;q=0.5") == asked(languages="fi, en-GB;q=0.9")


@pytest.mark.parametrize(
    "text",
    [
        # Also asked for elsewhere: by another field, in a fragment, in a directive.
        "subscription F($id: ID!, $after: ID!) { projectEvents(projectId: $after, after: $after) { __typename } }",
        """subscription F($id: ID!, $after: String) { projectEvents(projectId: $id, after: $after) { ...Rest } }
           fragment Rest on AssetAdded { asset { tags(after: $after) { nodes { id } } } }""",
        "subscription F($after: String!) { projectEvents(projectId: 1, after: $after) { __typename @x(y: $after) } }",
        # Not to say where to go on.
        "subscription F($id: ID!, $after: ID!) { projectEvents(projectId: $after) { __typename } }",
        "subscription F { projectEvents(projectId: 1) { ... on AssetAdded { asset { tags(after: $after) { id } } } } }",
    ],
)
def test_a_variable_that_says_something_else_as_well_does_too(text):
    assert asked(text, "F", after="1") != asked(text, "F", after="2")


async def told(payloads, count):
    """What has been taken of memory when so many more were told."""
    for _ in range(count):
        assert b'"engineId":"one"' in await anext(payloads)
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


async def test_nothing_is_kept_of_what_was_told():
    ready = Approved("subscription { engineStatus { engineId load } }", {}, None, OperationType.SUBSCRIPTION, {})
    status = SimpleNamespace(engine_id="one", load=0.5)

    async def statuses():
        while True:
            yield status

    tracemalloc.start()
    try:
        async with aclosing(Subscription(ready, Context(STAFF, Reader("")), statuses(), "all").payloads()) as payloads:
            before = await told(payloads, 50)
            assert await told(payloads, 500) - before < 100 * 500
    finally:
        tracemalloc.stop()


async def test_what_cannot_be_followed_is_refused_before_anything_is(transactional_db):
    text = "subscription ($id: ID!) { uploadProgress(id: $id) { state } }"
    deep = reduce(lambda inner, _: [inner], range(300), [])
    variables = {"id": global_id("AssetUpload", str(uuid4())), "coordinates": deep}
    before = asyncio.all_tasks()
    with pytest.raises(Refused) as refused:
        await begun(Approved(text, variables, None, OperationType.SUBSCRIPTION, {}), Context(STAFF, Reader("")))
    assert [error.extensions["code"] for error in refused.value.errors] == ["VARIABLES_TOO_DEEP"]
    assert asyncio.all_tasks() == before
