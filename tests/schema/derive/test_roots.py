"""One and many of every resource, and several things by their ids."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.catalogue import CATALOGUE
from schema.derive.roots import plural, root_name
from schema.ids import global_id
from schema.root import schema
from tests.cast import make_asset, make_session
from tests.schema.asking import ask, data

NODES = """query ($ids: [ID!]!) { nodes(ids: $ids) {
  id __typename ... on Tag { value category { name } } ... on Asset { tags(first: 2) { nodes { value } } }
} }"""


def test_every_resource_has_a_field_for_one_and_one_for_many():
    fields = schema._schema.query_type.fields
    for resource in CATALOGUE:
        one = root_name(resource)
        assert str(fields[one].type) == fields[one].type.name
        assert str(fields[plural(one)].type).endswith("Connection!")


def test_the_names_are_those_that_one_would_guess():
    names = {root_name(resource) for resource in CATALOGUE}
    assert {"asset", "uiGroup", "uiElementName", "tagCategory", "localizedString"} <= names
    assert (plural("tagCategory"), plural("uiGroup")) == ("tagCategories", "uiGroups")


@pytest.mark.parametrize("resource", CATALOGUE, ids=lambda resource: resource.model.__name__)
def test_a_stranger_is_answered_with_what_they_may_see(walk, cast, resource):
    one = root_name(resource)
    query = f"{{ {plural(one)}(first: 5) {{ totalCount nodes {{ id }} }} }}"
    for viewer in (cast.stranger, cast.curator):
        page = data(query, viewer)[plural(one)]
        keys = resource.rows(viewer).values_list("pk", flat=True)
        assert page["totalCount"] == len(keys)
        assert {node["id"] for node in page["nodes"]} <= {global_id(resource.model.__name__, key) for key in keys}
        for node in page["nodes"]:
            assert data(f"query ($id: ID!) {{ {one}(id: $id) {{ id }} }}", viewer, id=node["id"])[one] == node


@pytest.mark.parametrize("given", ["", "rubbish", "VGFnOjk5OQ==", "9" * 40, "\u0000", "-1", "1.5", "VGFnOg=="])
def test_what_is_not_there_is_null(walk, given):
    query = "query ($id: ID!) { asset(id: $id) { id } assetUpload(id: $id) { id } node(id: $id) { id } }"
    assert data(query, id=given) == {"asset": None, "assetUpload": None, "node": None}


class TestNodes:
    def test_things_come_in_the_order_of_their_ids_with_null_for_what_is_not_there(self, walk, cast):
        hidden = make_asset(walk.project, submitted=False, session=make_session(walk.project, cast.contributor))
        walk.asset.tags.set(walk.tags)
        ids = [
            global_id("Tag", walk.tags[1].pk),
            global_id("Asset", walk.asset.pk),
            global_id("Asset", hidden.pk),
            "rubbish",
            global_id("Tag", "9" * 40),
            global_id("Tag", walk.tags[0].pk),
            global_id("Tag", walk.tags[1].pk),
        ]
        stone, asset, *absent, sea, again = data(NODES, cast.stranger, ids=ids)["nodes"]
        assert stone == again == {"id": ids[0], "__typename": "Tag", "value": "stone", "category": {"name": "theme"}}
        assert asset["tags"]["nodes"] == [{"value": "sea"}, {"value": "stone"}]
        assert absent == [None, None, None]
        assert sea["value"] == "sea"

    @pytest.mark.parametrize("rows", [1, 20])
    def test_each_type_costs_as_many_statements_as_if_asked_alone(self, walk, rows):
        assets = [make_asset(walk.project) for _ in range(rows)]
        ids = [global_id("Asset", each.pk) for each in assets] + [global_id("Tag", each.pk) for each in walk.tags]
        with CaptureQueriesContext(connection) as captured:
            data(NODES, ids=ids)
        # The assets, their tags; the tags.
        assert len(captured) == 3

    def test_more_than_a_hundred_at_once_are_refused(self, walk):
        tag = global_id("Tag", walk.tags[0].pk)
        assert len(data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=100 * [tag])["nodes"]) == 100
        (error,) = ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=101 * [tag])["errors"]
        assert error["extensions"] == {"code": "INVALID_INPUT", "field": "ids"}
