"""Depth, aliases and fields of a document, with its fragments spread out."""

import pytest
from graphql import OperationDefinitionNode, parse, parse_value

from schema.limits import prices_of
from schema.measure import Measure, nesting_of
from schema.root import schema


def measured(text):
    document = parse(text)
    measure = Measure(document, prices_of(schema._schema), {})
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    return measure, [measure.operation(each) for each in operations]


@pytest.mark.parametrize(
    ("text", "depth", "aliases"),
    [
        ("{ a }", 1, 0),
        ("{ a { b } c { d { e } } }", 3, 0),
        ("{ x: a { y: b } }", 2, 2),
        ("{ ...F ...F } fragment F on Query { x: a { b } }", 2, 2),
        ("{ ... on Query { a { ... { b } } } }", 2, 0),
        ("{ a { ...F } } fragment F on A { b { ...G } } fragment G on B { x: c }", 3, 1),
        ("{ __schema { types { fields { type { ofType { ofType { name } } } } } } }", 0, 0),
        ("{ ...F } fragment F on Query { x: a ...F }", 1, 1),
        ("{ ...Missing }", 0, 0),
    ],
)
def test_fragments_count_where_they_are_spread(text, depth, aliases):
    _, [size] = measured(text)
    assert (size.depth, size.aliases) == (depth, aliases)


def test_each_operation_is_measured_by_itself():
    _, sizes = measured("query A { a } query B { b { x: c } }")
    assert [(size.depth, size.aliases) for size in sizes] == [(1, 0), (2, 1)]


def test_fields_are_counted_as_they_are_written_also_where_nothing_leads_to_them():
    measure, _ = measured("{ a { b } ...F ...F } fragment F on Query { c } fragment G on Query { d e { f } }")
    assert measure.fields == 3
    measure.unused_fragments()
    assert measure.fields == 6


def test_it_is_noted_whether_the_schema_is_asked_for():
    assert [measured(text)[0].introspects for text in ("{ __schema { a } }", '{ __type(name: "a") { b } }')] == [
        True,
        True,
    ]
    assert not measured("{ __typename a { __typename } }")[0].introspects


@pytest.mark.parametrize(
    ("text", "nesting"), [("1", 0), ("[]", 1), ("{}", 1), ("[1, [2, {a: [3]}]]", 4), ("{a: {b: {}}, c: 1}", 3)]
)
def test_literals_have_a_depth_of_their_own(text, nesting):
    assert nesting_of(parse_value(text)) == nesting
    measure, _ = measured(f"query ($a: A = {text}) {{ a }}")
    assert measure.nesting == nesting
    assert measured(f"{{ a(b: {text}) }}")[0].nesting == nesting
