"""A selection costs as many statements as it has levels of lists, however many rows there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.listening.models import ListenEvent
from backend.resources.viewer import ANONYMOUS
from backend.tagging.models import Tag, TagRelationship
from backend.visits.models import Event
from schema.ids import global_id
from tests.cast import make_asset, make_envelope, make_session, make_speaker
from tests.schema.asking import data


def statements(query, viewer=ANONYMOUS, *, accept_language="", **variables):
    with CaptureQueriesContext(connection) as captured:
        data(query, viewer, accept_language=accept_language, **variables)
    # Django asks SpatiaLite for its version once a process.
    return [each["sql"] for each in captured.captured_queries if "version()" not in each["sql"]]


# The commonest questions, who asks them, and how many statements answer each.
COMMONEST = {
    "all projects": (
        "{ projects { nodes { id name latitude longitude listenEnabled publishedAt } } }",
        "stranger",
        1,
    ),
    # The project, its speakers, tags, groups, and the groups' items.
    "what a player needs of a project": (
        """query ($project: ID!) { project(id: $project) {
          name speakers { nodes { code shape } } tags { nodes { value category { name } } }
          uiGroups(first: 9) { nodes { uiMode items(first: 50) { nodes { tag { value } } } } }
        } }""",
        "stranger",
        5,
    ),
    "the points of a map": (
        """query ($project: ID!) { assets(filter: {project: {exact: $project}}, first: 500) {
          nodes { id latitude longitude mediaType }
        } }""",
        "stranger",
        1,
    ),
    # The assets, their tags.
    "a list of assets": (
        """query ($project: ID!) { assets(filter: {project: {exact: $project}}) {
          edges { cursor node { id description createdAt project { id name } tags(first: 9) { nodes { id value } } } }
        } }""",
        "stranger",
        2,
    ),
    # Counted, listed; their visits, their authors.
    "a table of an editor": (
        """query ($project: ID!, $tag: ID!) { assets(
          filter: {project: {exact: $project}, tags: {any: [$tag]}, submitted: {exact: true}},
          orderBy: [{field: CREATED_AT, direction: DESC}], first: 20, offset: 0
        ) { totalCount nodes { id weight session { startedAt } user { username } } } }""",
        "owner",
        4,
    ),
    # The asset, its tags, its envelopes.
    "one asset": (
        """query ($asset: ID!) { asset(id: $asset) {
          id language { code } tags { nodes { value } } envelopes { nodes { createdAt } }
        } }""",
        "stranger",
        3,
    ),
    "a project's visits": (
        """query ($project: ID!) { sessions(
          filter: {project: {exact: $project}, startedAt: {gte: "2026-01-01T00:00:00Z"}},
          orderBy: [{field: STARTED_AT}]
        ) { nodes { id project { name } language { code } startedAt } } }""",
        "owner",
        1,
    ),
    "the events of a visit": (
        """query ($session: ID!) { events(filter: {session: {exact: $session}}) {
          nodes { eventType loggedAt latitude longitude }
        } }""",
        "contributor",
        1,
    ),
    # What was heard, and the assets, which not everybody may see.
    "what was heard": (
        """query ($project: ID!) { listenEvents(
          filter: {sessionProject: {exact: $project}}, orderBy: [{field: STARTED_AT, direction: DESC}]
        ) { nodes { startedAt durationSeconds asset { id description } audiotrack { id } } } }""",
        "owner",
        2,
    ),
    # The tags, their places in the tree.
    "the tags of a project": (
        """query ($project: ID!) { tags(filter: {project: {exact: $project}}) {
          nodes { value category { name } relationships(first: 9) { nodes { parent { tag { value } } } } }
        } }""",
        "stranger",
        2,
    ),
}


@pytest.mark.parametrize("rows", [1, 7])
@pytest.mark.parametrize("name", COMMONEST)
def test_the_commonest_questions_cost_a_statement_and_one_more_for_each_list_within(walk, cast, name, rows):
    visit = make_session(walk.project, cast.contributor)
    for number in range(rows):
        make_speaker(walk.project, code=str(number))
        asset = make_asset(walk.project, session=visit, user=cast.contributor)
        asset.tags.set(walk.tags)
        make_envelope(visit, asset)
        tag = Tag.objects.create(project=walk.project, category=walk.tags[0].category, value=str(number))
        parent = TagRelationship.objects.create(tag=tag)
        TagRelationship.objects.create(tag=tag, parent=parent)
        make_session(walk.project, cast.stranger)
        Event.objects.create(session=visit, event_type="heartbeat")
        ListenEvent.objects.create(session=visit, asset=asset, audiotrack=walk.audiotrack)
    query, who, count = COMMONEST[name]
    known = {"project": walk.project, "asset": asset, "tag": walk.tags[0], "session": visit}
    used = {key: global_id(type(row).__name__, row.pk) for key, row in known.items() if f"${key}:" in query}
    made = statements(query, getattr(cast, who), **used)
    assert len(made) == count, made


def test_aliases_of_one_list_share_its_statement_unless_they_ask_for_other_pages(walk):
    query = (
        "{ projects { nodes { a: tags { nodes { value } } b: tags { nodes { id } } tags(first: 1) { totalCount } } } }"
    )
    assert len(statements(query)) == 3


def test_keys_that_lead_where_all_may_look_are_joined(walk):
    query = """{ projects(first: 2) { nodes {
      uiGroups(first: 9) { nodes { items(first: 9) { nodes { tag { category { name } project { name } } } } } }
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
    query = """{ projects(first: 2) { totalCount nodes {
      tags { totalCount } assets { totalCount nodes { tags { totalCount } } }
    } } }"""
    # All projects counted, the projects, their tags, their assets, the assets' tags.
    assert len(statements(query)) == 5


def test_a_count_alone_reads_no_rows(walk):
    assert len(statements("{ projects { totalCount } }")) == 1


def test_the_way_back_to_a_parent_has_what_is_asked_of_it_there(walk):
    query = (
        "{ projects(first: 2) { nodes { tags { nodes { project { version tags(first: 1) { nodes { id } } } } } } } }"
    )
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
