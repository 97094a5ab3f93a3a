"""What operations cost: an object one point, a scalar a tenth, and lists multiply."""

import pytest
from graphql import OperationDefinitionNode, build_schema, parse

from schema.limits import Survey
from schema.root import schema

SDL = """
type Query {
  one: Thing
  things(first: Int, last: Int, after: String): ThingConnection!
  few: [Thing!]!
  search(first: Int = 20): [Thing!]!
  nodes(ids: [ID!]!): [Node]!
  anything: Either
}
type Mutation { make: Either! }
interface Node { id: ID! }
union Either = Thing | Failure
type Failure { message: String! }
type Thing implements Node {
  id: ID!
  name: String
  names: [String!]!
  parent: Thing
  parts(first: Int, last: Int): ThingConnection!
  few: [Thing!]!
}
type ThingConnection { edges: [ThingEdge!]! nodes: [Thing!]! pageInfo: PageInfo! totalCount: Int! }
type ThingEdge { node: Thing! cursor: String! }
type PageInfo { hasNextPage: Boolean! }
"""
SCHEMA = build_schema(SDL)


def cost(text, **variables):
    document = parse(text)
    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return Survey(SCHEMA, document).cost(operation, variables)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("{ __typename }", 1),
        ("{ one { id } }", 2),
        ("{ one { id name names parent { id } } }", 3),
        ("{ one { id name names parent { id name names parent { id } } } }", 4),
        # 1 + 10 rows of 1.1
        ("{ things(first: 10) { nodes { id } } }", 12),
        ("{ things(last: 10) { nodes { id } } }", 12),
        # An edge is free, its cursor is a scalar: 1 + 10 rows of 1.2
        ("{ things(first: 10) { edges { cursor node { id } } } }", 13),
        # What stands beside the rows counts once: 1 + 0.1 + 1.1
        ("{ things(first: 0) { totalCount pageInfo { hasNextPage } nodes { id } } }", 3),
        # 100 rows when nothing is said, as the resolvers have it.
        ("{ things { nodes { id } } }", 111),
        ("{ things(first: null) { nodes { id } } }", 111),
        # 1 + 100 × (1 + 1 + 100 × 1.1)
        ("{ things { nodes { parts { nodes { id } } } } }", 11_201),
        # Lists without pages have 10 rows: 10 × (1.1 + 10 × 1.1)
        ("{ few { id few { id } } }", 121),
        ("{ one { few { id } } }", 12),
        # Pages without a connection: 20 × 1.1, by the argument's own default or what is given
        ("{ search { id } }", 22),
        ("{ search(first: 3) { id } }", 4),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 4),
        # A page is no longer than the longest, and no shorter than none.
        ("{ things(first: 100000000000000000000000000) { nodes { id } } }", 551),
        ("{ things(first: -5) { nodes { id } } }", 1),
        # All that a union may be
        ("{ anything { ... on Thing { id } ... on Failure { message } } }", 2),
        ("mutation { make { ... on Thing { id } } }", 2),
    ],
)
def test_the_price_follows_the_pages(text, points):
    assert cost(text) == points


def test_variables_say_how_long_a_page_is():
    text = "query ($n: Int = 10) { things(first: $n) { nodes { id } } }"
    assert cost(text) == 12
    assert cost(text, n=20) == 23
    assert cost(text, n=None) == 111
    assert cost(text, n="nonsense") == 111
    assert cost("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["a"] * 30) == 33
    assert cost("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }") == 2


def test_a_fragment_counts_wherever_it_is_spread_and_takes_the_page_that_it_stands_on():
    fragment = " fragment F on ThingConnection { nodes { id } }"
    assert cost("{ a: things(first: 10) { ...F } b: things(first: 20) { ...F } }" + fragment) == 35
    assert cost("{ things(first: 10) { ... { nodes { id } } } }") == 12


def test_the_schema_has_a_price_of_its_own():
    assert cost("{ __schema { types { fields { name } } } }") == 10_000
    assert cost('{ __type(name: "Thing") { fields { name } } }') == 1_000


def test_what_is_more_work_than_its_rows_says_so():
    one = "assetsNear(projectId: 1, latitude: 0, longitude: 0, first: 10) { bearing }"
    document = parse(f"{{ {one} again: {one} }}")
    # Twice 1,000 and 10 rows of 1.1.
    assert Survey(schema._schema, document).cost(document.definitions[0], {}) == 2_022


def test_what_is_no_field_costs_as_a_scalar():
    assert cost("{ nothing { nothing { nothing } } one { nothing } }") == 2


def test_a_price_without_end_is_still_a_number_that_all_can_read():
    bombs = " ".join(f"fragment F{n} on Thing {{ few {{ ...F{n + 1} }} few {{ ...F{n + 1} }} }}" for n in range(60))
    assert cost(f"{{ few {{ ...F0 }} }} {bombs} fragment F60 on Thing {{ id }}") == 2**53 - 1


def test_a_document_is_measured_once_for_each_set_of_page_sizes(monkeypatch):
    from schema import limits

    walks = []
    original = limits.Measure

    def counting(*arguments):
        walks.append(1)
        return original(*arguments)

    monkeypatch.setattr(limits, "Measure", counting)
    document = parse("query ($n: Int, $name: String) { things(first: $n, after: $name) { nodes { id } } }")
    survey, operation = Survey(SCHEMA, document), document.definitions[0]
    assert len(walks) == 1
    assert [survey.cost(operation, {"n": n, "name": name}) for n, name in ((1, "a"), (2, "a"), (1, "b"))] == [3, 4, 3]
    assert len(walks) == 3
    assert [survey.cost(operation, {"n": n}) for n in range(100)][-1] == 110
    plain = parse("{ one { id } }")
    Survey(SCHEMA, plain).cost(plain.definitions[0], {})
    assert len(walks) == 3 + 98 + 1
