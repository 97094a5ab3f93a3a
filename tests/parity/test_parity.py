"""Whatever people do, it does not matter by which door they come: the same rows, the same events, the same refusals."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import override_settings
from strawberry.utils.str_converters import to_camel_case

from backend.assets.ingest.here import ingest_here
from backend.assets.uploads import add_upload
from tests.parity.doors import Doors, Happened, Refusal
from tests.parity.scenario import Refused, Scenario
from tests.parity.scenarios import SCENARIOS
from tests.parity.world import make_world

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def doors(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Doors]:
    """Before one world for all: to make it takes longer than to do something in it."""
    equal = override_settings(PASSWORD_HASHERS=QUICK, MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    # In this process, where chances can be held.
    here = patch.dict(add_upload.__kwdefaults__, ingest=ingest_here)
    with django_db_blocker.unblock(), transaction.atomic(), equal, here:
        yield Doors(make_world())
        transaction.set_rollback(True)


def test_there_are_forty_and_more_and_no_two_are_called_alike() -> None:
    assert len(SCENARIOS) >= 40
    assert [name for name, count in Counter(map(str, SCENARIOS)).items() if count > 1] == []


@pytest.mark.django_db
@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_both_doors_do_the_same(doors: Doors, scenario: Scenario) -> None:
    by_rest, refused_by_rest = doors.rest(scenario)
    by_graphql, refused_by_graphql = doors.graphql(scenario)
    if scenario.refused is None:
        assert (refused_by_rest, refused_by_graphql) == (None, None)
        assert by_rest.changes or by_rest.published
    else:
        is_refused(scenario.refused, refused_by_rest, refused_by_graphql)
        leaves_nothing_else(scenario.refused, by_rest)
    assert by_rest.changes == by_graphql.changes
    assert by_rest.published == by_graphql.published
    assert by_rest.files == by_graphql.files


def is_refused(expected: Refused, by_rest: Refusal | None, by_graphql: Refusal | None) -> None:
    """By the same rule: the same sentence, except where the old API says of all that is not there the same."""
    assert by_graphql is not None
    assert by_rest is not None
    field = None if expected.field is None else to_camel_case(expected.field)
    assert (by_graphql.code, by_graphql.field) == (expected.code, field), by_graphql
    assert (by_rest.code, by_rest.field) == (expected.status, expected.key), by_rest
    assert by_rest.message == ("Not found." if expected.status == 404 else by_graphql.message)


def leaves_nothing_else(expected: Refused, happened: Happened) -> None:
    assert {model for model, *_ in happened.changes} == expected.leaves
    assert bool(happened.published) == bool(expected.leaves)
