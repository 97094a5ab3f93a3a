"""What is executed, for whom, and what its answer says beside the data."""

import pytest
from graphql import OperationType

from backend.errors import NotAuthenticated
from schema import persisted
from schema.context import Context
from schema.documents import Refused
from schema.execution import READ_ONLY, NotOfThisKind, Operation, approved, execute, refusal

pytestmark = pytest.mark.django_db

SCHEMA_QUESTIONS = ("{ __schema { queryType { name } } }", '{ __type(name: "Query") { name } }')


@pytest.fixture(autouse=True)
def fresh():
    persisted.forget()


@pytest.mark.parametrize(
    ("who_may", "those_who_may"),
    [("everyone", ["nobody", "contributor", "owner", "curator"]), ("staff", ["curator"]), ("nobody", [])],
)
def test_the_schema_is_told_to_whom_the_settings_name(cast, settings, who_may, those_who_may):
    settings.GRAPHQL_INTROSPECTION = who_may
    for who in ("nobody", "contributor", "owner", "curator"):
        context = Context() if who == "nobody" else Context(getattr(cast, who))
        for question in SCHEMA_QUESTIONS:
            answer = execute(Operation(question), context)
            if who in those_who_may:
                assert answer.data
            else:
                assert [error.extensions["code"] for error in answer.errors] == ["INTROSPECTION_NOT_ALLOWED"]
                assert not answer.was_executed
        assert execute(Operation("{ __typename projects(first: 0) { __typename } }"), context).data


def test_a_question_hidden_in_a_fragment_is_one_too(settings):
    settings.GRAPHQL_INTROSPECTION = "nobody"
    with pytest.raises(Refused):
        approved(
            Operation("{ ...F } fragment F on Query { ... { __schema { queryType { name } } } }"), Context().viewer
        )


def test_what_may_not_be_done_is_not_done(cast):
    with pytest.raises(NotOfThisKind) as refused:
        execute(Operation("mutation { __typename }"), Context(), READ_ONLY)
    assert refused.value.kind is OperationType.MUTATION


def test_the_answer_tells_the_cost(settings):
    settings.GRAPHQL_MAX_COST = 200
    text = "query ($n: Int) { projects(first: $n) { nodes { id } } }"
    cost = {"requested": 12, "maximum": 200}
    assert execute(Operation(text, {"n": 10}), Context()).body() == {
        "data": {"projects": {"nodes": []}},
        "extensions": {"cost": cost},
    }
    body = execute(Operation(text, {"n": 300}), Context()).body()
    assert body["extensions"] == {"cost": {"requested": 331, "maximum": 200}}
    assert body["errors"][0]["extensions"] == {"code": "COST_EXCEEDED", "cost": 331, "maximum": 200}
    assert "data" not in body
    assert execute(Operation(text, {"n": "x"}), Context()).body()["extensions"]["cost"]["requested"] == 111
    assert execute(Operation("{"), Context()).extensions == {}


def test_a_rule_that_was_broken_before_is_told_with_its_code():
    assert refusal(NotAuthenticated("No.")).body() == {
        "errors": [{"message": "No.", "extensions": {"code": "NOT_AUTHENTICATED"}}]
    }
