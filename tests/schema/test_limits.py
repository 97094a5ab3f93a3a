"""What may be asked for at once, and that finding out is quick whatever is asked."""

import pytest
from graphql import parse

from schema.limits import (
    MOST_ALIASES,
    MOST_DEPTH,
    MOST_FIELDS,
    MOST_FRAGMENTS,
    MOST_NESTING,
    MOST_OPERATIONS,
    MOST_VALUES,
    Survey,
    excess_of,
)
from schema.root import schema


def codes(text):
    return [error.extensions["code"] for error in Survey(schema._schema, parse(text)).excess]


def nested(depth):
    return "{ a " * depth + "}" * depth


def lists(depth):
    return "[" * depth + "]" * depth


def test_the_limits_are_what_they_say():
    assert codes(nested(MOST_DEPTH)) == []
    assert codes(nested(MOST_DEPTH + 1)) == ["DOCUMENT_TOO_DEEP"]
    aliased = " ".join(f"x{number}: a" for number in range(MOST_ALIASES))
    assert codes(f"{{ {aliased} }}") == []
    assert codes(f"{{ {aliased} y: a }}") == ["TOO_MANY_ALIASES"]
    assert codes("{" + "a " * MOST_FIELDS + "}") == []
    assert codes("{" + "a " * MOST_FIELDS + "a }") == ["TOO_MANY_FIELDS"]
    operations = [f"query Q{number} {{ a }}" for number in range(MOST_OPERATIONS + 1)]
    assert codes(" ".join(operations[:-1])) == []
    assert codes(" ".join(operations)) == ["TOO_MANY_OPERATIONS"]
    fragments = [f"fragment F{number} on Query {{ a }}" for number in range(MOST_FRAGMENTS + 1)]
    assert codes(" ".join(["{ a }", *fragments[:-1]])) == []
    assert codes(" ".join(["{ a }", *fragments])) == ["TOO_MANY_FRAGMENTS"]
    assert codes(f"{{ a(b: {lists(MOST_NESTING)}) }}") == []
    assert codes(f"{{ a(b: {lists(MOST_NESTING + 1)}) }}") == ["ARGUMENT_TOO_DEEP"]


def test_aliases_count_after_fragments_are_spread_and_over_all_operations():
    halves = " ".join(f"x{number}: a" for number in range(MOST_ALIASES // 2))
    fragment = f" fragment F on Query {{ {halves} }}"
    assert codes("{ ...F ...F }" + fragment) == []
    assert codes("{ ...F ...F x: a }" + fragment) == ["TOO_MANY_ALIASES"]
    assert codes("query A { ...F } query B { ...F x: a }" + fragment) == ["TOO_MANY_ALIASES"]


def test_a_fragment_within_itself_is_left_to_validation():
    assert codes("{ ...F } fragment F on Query { ...F }") == []


def test_fragments_of_fragments_are_measured_once():
    bombs = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} ...F{n + 1} }}" for n in range(99))
    text = f"{{ ...F0 }} {bombs} fragment F99 on Query {{ x: a }}"
    # Spread out they are 3 ** 99 fields: this would not come to an end.
    assert codes(text) == ["TOO_MANY_ALIASES"]


def variable_codes(**variables):
    return [error.extensions["code"] for error in excess_of(variables)]


def test_variables_have_limits_of_their_own():
    assert variable_codes(ids=[0] * (MOST_VALUES - 1)) == []
    assert variable_codes(ids=[0] * MOST_VALUES) == ["VARIABLES_TOO_LARGE"]
    assert variable_codes(a=[{"b": list(range(100))} for _ in range(30)]) == ["VARIABLES_TOO_LARGE"]
    deep = 0
    for _ in range(MOST_NESTING - 1):
        deep = {"not": deep}
    assert variable_codes(filter=deep) == []
    assert variable_codes(filter=[deep]) == ["VARIABLES_TOO_DEEP"]


def test_a_geometrys_coordinates_are_counted_by_their_own_reader():
    ring = [[24.9 + n / 1e5, 60.1] for n in range(9_000)]
    assert variable_codes(input={"shape": {"type": "Polygon", "coordinates": [ring]}}) == []


@pytest.mark.parametrize("variables", [{}, {"a": None}, {"a": "x" * 100_000}, {"a": {}}, {"a": []}])
def test_what_is_short_may_be_sent(variables):
    assert variable_codes(**variables) == []
