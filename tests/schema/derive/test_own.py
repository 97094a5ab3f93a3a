"""What only those read who may write a row: null to all others, and no statement more for more rows."""

import pytest
from django.utils import timezone

from backend.resources.viewer import ANONYMOUS
from schema.ids import global_id
from tests.cast import make_asset, make_project, make_session
from tests.schema.asking import data
from tests.schema.test_statements import statements


@pytest.fixture
def own_asset(walk, cast):
    """The contributor's asset, which the owner has withdrawn."""
    visit = make_session(walk.project, cast.contributor, device_id="mine")
    moderation = {"moderated_at": timezone.now(), "moderated_by": cast.owner, "moderation_reason": "Too loud."}
    return make_asset(walk.project, session=visit, **moderation)


def of(row, fields, viewer):
    name = type(row).__name__
    query = f"query ($id: ID!) {{ node(id: $id) {{ ... on {name} {{ {fields} }} }} }}"
    return data(query, viewer, id=global_id(name, row.pk))["node"]


def test_the_owners_of_a_project_are_its_owners_to_know(walk, cast):
    fields = "owners { totalCount nodes { username } }"
    assert of(walk.project, fields, cast.owner)["owners"]["nodes"] == [{"username": "owner"}]
    assert of(walk.project, fields, cast.curator)["owners"]["totalCount"] == 1
    for viewer in (cast.contributor, cast.stranger, ANONYMOUS):
        assert of(walk.project, fields, viewer) == {"owners": None}


def test_an_owner_sees_of_the_owners_only_whom_they_may(walk, cast):
    walk.project.owners.add(cast.stranger)
    seen = of(walk.project, "owners { nodes { username } }", cast.owner)["owners"]["nodes"]
    assert seen == [{"username": "owner"}]


def test_whose_visit_it_is_is_the_visitors_to_know(own_asset, cast):
    fields = "deviceId user { username email deviceProfile { deviceId } }"
    visitor = {"username": "contributor", "email": "", "deviceProfile": {"deviceId": "device-of-contributor"}}
    for viewer in (cast.contributor, cast.curator):
        assert of(own_asset.session, fields, viewer) == {"deviceId": "mine", "user": visitor}
    # The owner sees the visit, but not whose it is.
    assert of(own_asset.session, fields, cast.owner) == {"deviceId": None, "user": None}


def test_why_an_asset_was_moderated_is_told_to_its_author_and_its_editors(own_asset, cast):
    fields = "moderationReason moderatedAt moderatedBy { username }"
    for viewer, editor in ((cast.contributor, None), (cast.owner, "owner"), (cast.curator, "owner")):
        answer = of(own_asset, fields, viewer)
        assert (answer["moderationReason"], answer["moderatedAt"] is None) == ("Too loud.", False)
        assert answer["moderatedBy"] == (editor and {"username": editor})
    for viewer in (cast.stranger, ANONYMOUS):
        assert of(own_asset, fields, viewer) == {"moderationReason": None, "moderatedAt": None, "moderatedBy": None}


EVERYTHING = """{ projects(first: 20) { nodes {
  owners(first: 5) { nodes { email } }
  assets(first: 20) { nodes { moderationReason moderatedBy { email } session { deviceId user { email } } } }
} } }"""


@pytest.mark.parametrize("name", ["owner", "contributor"])
@pytest.mark.parametrize("rows", [1, 9])
def test_they_cost_no_statement_a_row(own_asset, walk, cast, rows, name):
    for number in range(rows):
        project = make_project(name=str(number))
        visit = make_session(project, cast.stranger)
        make_asset(project, session=visit)
        make_asset(walk.project, session=own_asset.session)
    # Projects, owners, assets, moderators, visits, visitors; once whose projects they are.
    assert len(statements(EVERYTHING, getattr(cast, name))) == 7


def test_a_row_that_a_key_leads_to_knows_whose_it_is(own_asset, cast):
    fields = "project { owners { nodes { username } } } session { user { username } }"
    assert of(own_asset, fields, cast.contributor) == {
        "project": {"owners": None},
        "session": {"user": {"username": "contributor"}},
    }
    assert of(own_asset, fields, cast.owner)["project"] == {"owners": {"nodes": [{"username": "owner"}]}}


def test_what_is_known_of_a_viewer_is_forgotten_with_the_request(walk, cast):
    assert of(walk.project, "owners { totalCount }", cast.owner)["owners"] is not None
    walk.project.owners.clear()
    assert of(walk.project, "owners { totalCount }", cast.owner) == {"owners": None}
