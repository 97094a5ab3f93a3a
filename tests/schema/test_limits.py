"""What a document may ask for, and that measuring it is quick whatever it looks like."""

import time

import pytest
from graphql import parse

from schema.documents import Refused, kind_of
from schema.limits import MOST_ALIASES, MOST_DEPTH, MOST_TOKENS, Measure, excess
from schema.root import schema


def size(text):
    return Measure(parse(text)).whole()


def codes(text):
    return [error.extensions["code"] for error in excess(parse(text))]


def nested(depth):
    return "{ a " * depth + "}" * depth


@pytest.mark.parametrize(
    ("text", "depth", "aliases"),
    [
        ("{ a }", 1, 0),
        ("{ a { b } c { d { e } } }", 3, 0),
        ("{ x: a { y: b } }", 2, 2),
        ("{ ...F ...F } fragment F on Query { x: a { b } }", 2, 2),
        ("{ ... on Query { a { ... { b } } } }", 2, 0),
        ("{ a { ...F } } fragment F on A { b { ...G } } fragment G on B { x: c }", 3, 1),
        ("query A { a } query B { b { x: c } }", 2, 1),
        ("{ __schema { types { fields { type { ofType { ofType { name } } } } } } }", 0, 0),
    ],
)
def test_fragments_count_where_they_are_spread(text, depth, aliases):
    assert (size(text).depth, size(text).aliases) == (depth, aliases)


def test_the_limits_are_what_they_say():
    assert codes(nested(MOST_DEPTH)) == []
    assert codes(nested(MOST_DEPTH + 1)) == ["DOCUMENT_TOO_DEEP"]
    aliased = " ".join(f"x{number}: a" for number in range(MOST_ALIASES))
    assert codes(f"{{ {aliased} }}") == []
    assert codes(f"{{ {aliased} y: a }}") == ["TOO_MANY_ALIASES"]


def test_a_fragment_within_itself_is_left_to_validation():
    assert codes("{ ...F } fragment F on Query { ...F }") == []


def test_fragments_of_fragments_are_measured_once():
    bombs = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} ...F{n + 1} }}" for n in range(200))
    document = parse(f"{{ ...F0 }} {bombs} fragment F200 on Query {{ x: a }}")
    began = time.perf_counter()
    assert [error.extensions["code"] for error in excess(document)] == ["TOO_MANY_ALIASES"]
    assert time.perf_counter() - began < 1


def refusal(text, name=None):
    with pytest.raises(Refused) as refused:
        kind_of(schema._schema, text, name)
    return refused.value.errors[0].extensions["code"]


def test_a_document_is_refused_with_a_code_before_anything_is_executed():
    assert refusal("{ a") == "GRAPHQL_PARSE_FAILED"
    assert refusal("{ a " * (MOST_TOKENS // 2 + 1)) == "GRAPHQL_PARSE_FAILED"
    assert refusal("{ a " * 900) == "GRAPHQL_PARSE_FAILED"
    assert refusal(nested(100)) == "DOCUMENT_TOO_DEEP"
    assert refusal("{ nothing }") == "GRAPHQL_VALIDATION_FAILED"
    assert refusal("fragment F on Query { __typename }") in (
        "GRAPHQL_VALIDATION_FAILED",
        "OPERATION_RESOLUTION_FAILURE",
    )
    assert refusal("query A { __typename }", "B") == "OPERATION_RESOLUTION_FAILURE"
    assert refusal("query A { __typename } query B { __typename }") == "OPERATION_RESOLUTION_FAILURE"


def test_no_field_is_suggested_to_those_who_guess():
    with pytest.raises(Refused) as refused:
        kind_of(schema._schema, "{ projcts { nodes { id } } }", None)
    assert "projects" not in refused.value.errors[0].message


def test_a_document_is_validated_once():
    text = "{ projects { nodes { id name } } }"
    kind_of(schema._schema, text, None)
    began = time.perf_counter()
    for _ in range(100):
        kind_of(schema._schema, text, None)
    assert time.perf_counter() - began < 0.1
