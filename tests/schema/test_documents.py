"""A document becomes an operation, or is refused with a code and a sentence."""

import pytest
from graphql import OperationType, parse

from schema import documents
from schema.documents import MOST_ERRORS, Refused, approved, check
from schema.limits import MOST_CHARACTERS, MOST_LINES, MOST_TOKENS
from schema.root import schema
from tests.backend.web.test_documents import DOCUMENTS as PAGES


def refusals(text, name=None, **variables):
    with pytest.raises(Refused) as refused:
        approved(schema._schema, text, name, variables)
    return refused.value


def code(text, name=None, **variables):
    return refusals(text, name, **variables).errors[0].extensions["code"]


def test_a_document_is_refused_with_a_code_before_anything_is_executed():
    assert code("{ a") == "GRAPHQL_PARSE_FAILED"
    assert code("{ a " * (MOST_TOKENS // 2 + 1)) == "GRAPHQL_PARSE_FAILED"
    assert code("{ a " * 900) == "GRAPHQL_PARSE_FAILED"
    assert code("{ __typename }" + " " * MOST_CHARACTERS) == "DOCUMENT_TOO_LONG"
    assert code("{ __typename }" + "\r" * (MOST_LINES + 1)) == "DOCUMENT_TOO_LONG"
    assert code("{ a " * 100 + "}" * 100) == "DOCUMENT_TOO_DEEP"
    assert code("{ nothing }") == "GRAPHQL_VALIDATION_FAILED"
    assert code("fragment F on Query { __typename }") in ("GRAPHQL_VALIDATION_FAILED", "OPERATION_RESOLUTION_FAILURE")
    assert code("query A { __typename }", "B") == "OPERATION_RESOLUTION_FAILURE"
    assert code("query A { __typename } query B { __typename }") == "OPERATION_RESOLUTION_FAILURE"
    assert code("query ($a: [Int!]) { __typename }", a=[1] * 3_000) == "GRAPHQL_VALIDATION_FAILED"
    assert code("{ __typename }", a=[1] * 3_000) == "VARIABLES_TOO_LARGE"


def test_what_an_operation_does_is_known_before_it_does_it():
    assert approved(schema._schema, "{ __typename }").kind is OperationType.QUERY
    assert (
        approved(schema._schema, "query A { __typename } mutation B { __typename }", "B").kind is OperationType.MUTATION
    )
    assert approved(schema._schema, "{ __schema { types { name } } }").introspects


def test_an_operation_that_costs_too_much_is_told_the_cost_and_the_limit(settings):
    text = "query ($n: Int) { projects(first: $n) { nodes { id } } }"
    assert approved(schema._schema, text, None, {"n": 10}).cost == 12
    settings.GRAPHQL_MAX_COST = 20
    assert approved(schema._schema, text, None, {"n": 10}).cost == 12
    refused = refusals(text, n=100)
    assert refused.cost == 111
    assert refused.errors[0].extensions == {"code": "COST_EXCEEDED", "cost": 111, "maximum": 20}
    assert "111" in refused.errors[0].message
    assert "20" in refused.errors[0].message


def test_what_many_ask_for_is_within_the_cost():
    row = "id description mediaType latitude longitude createdAt submitted volume weight startSeconds"
    page = f"{{ {row} project {{ name }} tags {{ nodes {{ id label }} }} }}"
    assert approved(schema._schema, f"{{ assets(first: 100) {{ edges {{ node {page} }} }} }}").cost < 20_000
    assert code(f"{{ assets(first: 500) {{ nodes {page} }} }}") == "COST_EXCEEDED"


def test_no_field_is_suggested_to_those_who_guess(settings):
    documents.forget()
    assert "projects" not in refusals("{ projcts { nodes { id } } }").errors[0].message
    documents.forget()
    settings.GRAPHQL_SUGGESTIONS = True
    assert "Did you mean 'projects'" in refusals("{ projcts { nodes { id } } }").errors[0].message
    documents.forget()


def test_only_the_first_faults_are_told():
    refused = refusals("{" + " ".join(f"x{number}" for number in range(100)) + "}")
    assert len(refused.errors) == MOST_ERRORS + 1
    assert {error.extensions["code"] for error in refused.errors} == {"GRAPHQL_VALIDATION_FAILED"}


def test_a_document_is_validated_once(monkeypatch):
    text = "{ projects { nodes { id name } } }"
    documents.forget()
    known = check(schema._schema, text)
    assert check(schema._schema, text) is known


def test_what_is_remembered_has_a_limit(monkeypatch):
    documents.forget()
    first = check(schema._schema, "{ __typename } #" + "0" * 40_000)
    for number in range(1, 6):
        check(schema._schema, "{ __typename } #" + str(number) * 40_000)
    assert check(schema._schema, "{ __typename } #" + "0" * 40_000) is not first


@pytest.mark.parametrize("name", PAGES)
def test_what_our_own_pages_ask_is_far_within_the_cost(name):
    for operation in parse(PAGES[name]).definitions:
        found = approved(schema._schema, PAGES[name], operation.name.value, {"input": {}})
        assert found.cost < 25_000 / 2
