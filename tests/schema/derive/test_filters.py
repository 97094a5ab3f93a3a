"""Filters and orders as clients write them, at the root and on nested lists."""

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType

from backend.assets.models import MediaType
from backend.catalogue import CATALOGUE
from backend.projects.models import Language
from backend.resources.viewer import ANONYMOUS
from schema.derive.roots import plural, root_name
from schema.ids import global_id
from schema.root import schema
from tests.cast import INSIDE, make_asset, make_project, make_session, make_speaker
from tests.schema.asking import ask, data

SQUARE = {"type": "Polygon", "coordinates": [[[24, 60], [25, 60], [25, 61], [24, 61], [24, 60]]]}


def assets(filter, viewer=ANONYMOUS):
    query = "query ($filter: AssetFilter) { assets(filter: $filter, first: 10) { totalCount nodes { id } } }"
    page = data(query, viewer, filter=filter)["assets"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["id"] for node in page["nodes"]]


def refused(arguments, **variables):
    declared = ", ".join(f"${name}: {kind}" for name, (kind, _) in variables.items())
    query = f"query {f'({declared})' if declared else ''} {{ assets({arguments}) {{ nodes {{ id }} }} }}"
    error, *_ = ask(query, **{name: value for name, (_, value) in variables.items()})["errors"]
    return error["extensions"]["code"], error["extensions"].get("field")


@pytest.fixture
def photo(walk, cast):
    """Beside the asset of the walk one that is another in everything."""
    finnish = Language.objects.create(code="fi")
    made = make_asset(
        make_project(name="Other"),
        media_type=MediaType.PHOTO,
        language=finnish,
        latitude=-33.0,
        longitude=151.0,
        duration_seconds=None,
        description="A harbour",
        weight=10,
    )
    made.tags.set(walk.tags[1:])
    return made


def test_rows_are_sought_by_global_ids_and_by_bare_keys(walk, photo):
    tag, project = walk.tags[1], photo.project
    this = [global_id("Asset", photo.pk)]
    assert assets({"id": {"exact": this[0]}}) == this
    assert assets({"id": {"in": [str(photo.pk)]}}) == this
    assert assets({"project": {"exact": global_id("Project", project.pk)}}) == this
    assert assets({"project": {"in": [global_id("Project", project.pk), "7777"]}}) == this
    assert assets({"tags": {"any": [global_id("Tag", tag.pk)]}}) == this
    assert assets({"tags": {"all": [global_id("Tag", tag.pk)]}}) == this


@pytest.mark.parametrize(
    "filter",
    [
        {"mediaType": {"exact": "PHOTO"}},
        {"mediaType": {"in": ["PHOTO", "VIDEO"]}},
        {"languageCode": {"exact": "fi"}},
        {"description": {"contains": "HARB"}},
        {"description": {"startsWith": "A HARB"}},
        {"durationSeconds": {"isNull": True}},
        {"weight": {"lt": 50}},
        {"createdAt": {"gt": "2020-01-01T00:00:00Z"}, "weight": {"lte": 10}},
        {"position": {"withinMetres": {"latitude": -33, "longitude": 151, "metres": 1}}},
        {"position": {"bbox": {"west": 150, "south": -34, "east": 152, "north": -32}}},
        {"not": {"position": {"within": SQUARE}}},
        {"and": [{"mediaType": {"exact": "PHOTO"}}, {"not": {"description": {"exact": ""}}}]},
        {"or": [{"weight": {"in": [10]}}, {"mediaType": {"exact": "TEXT"}}]},
    ],
    ids=str,
)
def test_rows_are_sought_by_what_they_hold(photo, filter):
    assert assets(filter) == [global_id("Asset", photo.pk)]


def test_a_lookup_that_a_variable_leaves_out_asks_for_nothing(walk, photo):
    query = """query ($project: ID, $type: MediaType, $first: Int) {
      assets(filter: {project: {exact: $project}, mediaType: {exact: $type}}, first: $first) { totalCount }
    }"""
    assert data(query)["assets"] == {"totalCount": 2}
    assert data(query, type="PHOTO")["assets"] == {"totalCount": 1}


def test_a_lookup_that_is_null_is_refused_rather_than_all_rows_shown(walk):
    assert refused("filter: {project: {exact: $id}}", id=("ID", None)) == ("INVALID_INPUT", "filter.project.exact")
    assert refused("filter: {project: $id}", id=("IdFilter", None)) == ("INVALID_INPUT", "filter.project")
    assert data("query ($f: AssetFilter) { assets(filter: $f) { totalCount } }", f=None)["assets"] == {"totalCount": 1}


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ('filter: {project: {exact: "VGFnOjE="}}', "filter.project.exact"),
        ('filter: {tags: {any: ["UHJvamVjdDox"]}}', "filter.tags.any"),
        ('filter: {id: {exact: "x"}}', "filter.id.exact"),
        ("filter: {not: {durationSeconds: {gt: 1e999}}}", "filter.not.durationSeconds.gt"),
        ('filter: {description: {contains: "\\u0000"}}', "filter.description.contains"),
        ('filter: {description: {startsWith: "\\u0000"}}', "filter.description.startsWith"),
        (
            "filter: {shape: {withinMetres: {latitude: 0, longitude: 0, metres: -1}}}",
            "filter.shape.withinMetres.metres",
        ),
        ('filter: {shape: {within: {type: "Point", coordinates: [0, 0]}}}', "filter.shape.within"),
        ("orderBy: [{field: ID}, {field: ID, direction: DESC}]", "orderBy"),
        (
            "orderBy: [{field: ID}, {field: WEIGHT}, {field: VOLUME}, {field: CREATED_AT}, {field: UPDATED_AT}]",
            "orderBy",
        ),
        ("offset: 10001", "offset"),
        ('offset: 1, after: "x"', "offset"),
        ("first: 501", "first"),
        ("last: -1", "last"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_argument(walk, arguments, field):
    assert refused(arguments) == ("INVALID_INPUT", field)
    query = f"{{ projects(first: 1) {{ nodes {{ assets({arguments}) {{ nodes {{ id }} }} }} }} }}"
    (error,) = ask(query)["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("INVALID_INPUT", field)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("IntRange", {"exact": 2**40}),
        ("IntRange", {"exact": "1"}),
        ("FloatRange", {"gt": "NaN"}),
        ("TextFilter", {"regex": ".*"}),
        ("TextFilter", {"contains": 3}),
        ("TextFilter", {"startsWith": 3}),
        ("GeoFilter", {"within": "POLYGON((0 0))"}),
        ("GeoFilter", {"within": {"type": "Polygon"}}),
        ("GeoFilter", {"bbox": {"west": 1}}),
        ("DateTimeRange", {"gt": "yesterday"}),
        ("MediaTypeFilter", {"exact": "photo"}),
        ("IdsFilter", {"exact": "1"}),
    ],
    ids=str,
)
def test_what_is_of_another_type_is_not_even_asked(walk, kind, value):
    names = {
        "IntRange": "weight",
        "FloatRange": "volume",
        "TextFilter": "description",
        "GeoFilter": "position",
        "DateTimeRange": "createdAt",
        "MediaTypeFilter": "mediaType",
        "IdsFilter": "tags",
    }
    assert refused(f"filter: {{{names[kind]}: $value}}", value=(kind, value)) == ("BAD_USER_INPUT", None)


class TestNestedLists:
    def test_each_parent_has_its_own_part_in_its_own_order(self, walk, photo):
        for code, active in (("B", True), ("C", False), ("D", True)):
            make_speaker(walk.project, code=code, is_active=active)
        make_speaker(photo.project, code="E")
        query = """{ projects(first: 2) { nodes { speakers(
          filter: {isActive: {exact: true}}, orderBy: [{field: CODE, direction: DESC}], first: 2
        ) { totalCount edges { cursor node { code } } pageInfo { hasNextPage endCursor } } } } }"""
        first, second = (node["speakers"] for node in data(query)["projects"]["nodes"])
        assert [edge["node"]["code"] for edge in first["edges"]] == ["D", "B"]
        assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
        assert [edge["node"]["code"] for edge in second["edges"]] == ["E"]
        assert (second["totalCount"], second["pageInfo"]["hasNextPage"]) == (1, False)
        query = """query ($after: String) { projects(first: 1) { nodes { speakers(
          filter: {isActive: {exact: true}}, orderBy: [{field: CODE, direction: DESC}], after: $after
        ) { nodes { code } } } } }"""
        (project,) = data(query, after=first["pageInfo"]["endCursor"])["projects"]["nodes"]
        assert project["speakers"]["nodes"] == [{"code": "A"}]

    def test_aliases_with_other_filters_are_other_pages_with_other_totals(self, walk):
        make_speaker(walk.project, code="B", is_active=False)
        query = """{ projects(first: 1) { nodes {
          active: speakers(filter: {isActive: {exact: true}}) { totalCount nodes { code } }
          silent: speakers(filter: {isActive: {exact: false}}) { totalCount nodes { code } }
          all: speakers(offset: 1, first: 1) { totalCount nodes { code } pageInfo { hasPreviousPage } }
        } } }"""
        (project,) = data(query)["projects"]["nodes"]
        assert project == {
            "active": {"totalCount": 1, "nodes": [{"code": "A"}]},
            "silent": {"totalCount": 1, "nodes": [{"code": "B"}]},
            "all": {"totalCount": 2, "nodes": [{"code": "B"}], "pageInfo": {"hasPreviousPage": True}},
        }

    def test_linked_rows_are_sought_and_sorted_with_missing_values_last(self, walk, cast):
        envelope = make_session(walk.project, cast.contributor).envelopes.create()
        rows = [make_asset(walk.project, duration_seconds=seconds) for seconds in (None, 2.0, 1.0, 9.0)]
        envelope.assets.set(rows)
        query = """query ($id: ID!) { envelope(id: $id) { assets(
          filter: {or: [{durationSeconds: {lt: 5}}, {durationSeconds: {isNull: true}}]},
          orderBy: [{field: DURATION_SECONDS}], first: 5
        ) { totalCount nodes { durationSeconds } } } }"""
        page = data(query, cast.contributor, id=str(envelope.pk))["envelope"]["assets"]
        assert page == {"totalCount": 3, "nodes": [{"durationSeconds": each} for each in (1.0, 2.0, None)]}

    def test_a_place_is_sought_by_within_a_project(self, walk):
        make_asset(walk.project, latitude=0.0, longitude=0.0)
        query = """query ($near: NearFilter!) { projects(first: 1) { nodes {
          assets(filter: {position: {withinMetres: $near}}) { totalCount nodes { id } }
          speakers(filter: {shape: {withinMetres: $near}}) { totalCount nodes { code } }
        } } }"""
        (project,) = data(query, near={**INSIDE, "metres": 10})["projects"]["nodes"]
        assert project == {
            "assets": {"totalCount": 1, "nodes": [{"id": global_id("Asset", walk.asset.pk)}]},
            "speakers": {"totalCount": 1, "nodes": [{"code": "A"}]},
        }


@pytest.mark.parametrize("resource", CATALOGUE, ids=lambda resource: resource.model.__name__)
def test_every_list_has_the_filter_and_the_order_of_its_declaration(resource):
    name = resource.model.__name__
    types = schema._schema.type_map
    sought, orders = types[f"{name}Filter"], types[f"{name}OrderField"]
    assert isinstance(sought, GraphQLInputObjectType)
    assert isinstance(orders, GraphQLEnumType)
    assert len(sought.fields) == len(resource.filter) + 3
    relations = [each for each in resource.order if resource.model._meta.get_field(each).is_relation]
    assert len(orders.values) == len(resource.order) - len(relations)
    listed = types["Query"].fields[plural(root_name(resource))]
    assert list(listed.args) == ["filter", "orderBy", "first", "last", "after", "before", "offset"]
