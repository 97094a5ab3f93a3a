"""A selection costs as many statements as it has levels of lists, however many rows there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.resources.viewer import ANONYMOUS
from backend.tagging.models import Tag
from schema.ids import global_id
from tests.cast import make_asset, make_session, make_speaker
from tests.schema.asking import data

PROJECT = """
query ($id: ID!) {
  project(id: $id) {
    name
    speakers { nodes { code shape } }
    assets { totalCount nodes { description project { name } tags { nodes { value category { name } } } } }
    tags { nodes { value } }
    uiGroups { nodes { items { nodes { tag { value } } } } }
  }
}
"""


def statements(query, viewer=ANONYMOUS, *, accept_language="", **variables):
    with CaptureQueriesContext(connection) as captured:
        data(query, viewer, accept_language=accept_language, **variables)
    # Django asks SpatiaLite for its version once a process.
    return [each["sql"] for each in captured.captured_queries if "version()" not in each["sql"]]


@pytest.mark.parametrize("rows", [1, 12])
def test_a_nested_project_costs_one_statement_a_level(walk, rows):
    for number in range(rows):
        make_speaker(walk.project, code=str(number))
        make_asset(walk.project).tags.set(walk.tags)
        Tag.objects.create(project=walk.project, category=walk.tags[0].category, value=str(number))
    # project, speakers, assets, their tags, tags, groups, items.
    assert len(statements(PROJECT, id=global_id("Project", walk.project.pk))) == 7


def test_aliases_of_one_list_share_its_statement_unless_they_ask_for_other_pages(walk):
    query = (
        "{ projects { nodes { a: tags { nodes { value } } b: tags { nodes { id } } tags(first: 1) { totalCount } } } }"
    )
    assert len(statements(query)) == 3


def test_keys_that_lead_where_all_may_look_are_joined(walk):
    query = """{ projects { nodes {
      uiGroups { nodes { items { nodes { tag { category { name } project { name } } } } } }
    } } }"""
    assert len(statements(query)) == 3


def test_a_key_to_what_not_all_may_see_is_a_statement_of_its_own(walk, cast):
    visit = make_session(walk.project, cast.contributor)
    make_asset(walk.project, session=visit)
    query = "query ($id: ID!) { assets(filter: {project: {exact: $id}}) { nodes { session { clientType } } } }"
    # The assets, their sessions.
    assert len(statements(query, cast.contributor, id=str(walk.project.pk))) == 2


def test_texts_cost_what_their_level_costs_and_the_languages_once(walk):
    query = "query ($id: ID!) { project(id: $id) { description legalAgreement tags { nodes { label } } } }"
    # Languages and offers; the project and two kinds of its texts; tags and their texts.
    assert len(statements(query, accept_language="fi", id=str(walk.project.pk))) == 7


def test_totals_are_counted_in_the_statement_of_their_parents(walk):
    query = (
        "{ projects { totalCount nodes { tags { totalCount } assets { totalCount nodes { tags { totalCount } } } } } }"
    )
    # All projects counted, the projects, their tags, their assets, the assets' tags.
    assert len(statements(query)) == 5


def test_a_count_alone_reads_no_rows(walk):
    assert len(statements("{ projects { totalCount } }")) == 1


def test_the_way_back_to_a_parent_has_what_is_asked_of_it_there(walk):
    query = "{ projects { nodes { tags { nodes { project { version tags(first: 1) { nodes { id } } } } } } } }"
    (project,) = data(query)["projects"]["nodes"]
    first = {"nodes": [{"id": global_id("Tag", walk.tags[0].pk)}]}
    assert [tag["project"] for tag in project["tags"]["nodes"]] == 2 * [{"version": 1, "tags": first}]


def test_a_key_that_leads_nowhere_is_null(walk):
    walk.asset.project = None
    walk.asset.save()
    query = (
        "query ($id: ID!) { node(id: $id) { ... on Asset { project { name tags { totalCount } } language { code } } } }"
    )
    assert data(query, id=global_id("Asset", walk.asset.pk))["node"] == {"project": None, "language": None}
