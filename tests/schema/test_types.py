"""Every field of every type can be asked for, one level deep, and answers."""

import pytest
from graphql import get_named_type, is_object_type

from backend.accounts.actions import issue_token
from backend.assets.models import TimedAsset, Vote
from backend.catalogue import CATALOGUE
from backend.documents.models import Document
from backend.listening.models import ListenEvent, Stream, StreamState
from backend.projects.models import LocalizedString, ProjectGroup, UIElement, UIElementName
from backend.tagging.models import TagRelationship
from backend.visits.models import Event
from schema.ids import global_id
from schema.root import schema
from tests.cast import FAR_AWAY, make_envelope, make_session, make_upload
from tests.schema.asking import data


@pytest.fixture
def one_of_each(walk, cast):
    """At least one row of every model."""
    visit = make_session(walk.project, cast.curator)
    text = LocalizedString.objects.create(text="x", language_id=1)
    walk.tags[0].message_texts.add(text)
    TagRelationship.objects.create(tag=walk.tags[0], parent=TagRelationship.objects.create(tag=walk.tags[1]))
    ProjectGroup.objects.create(name="all").projects.add(walk.project)
    name = UIElementName.objects.create(name="logo", view="home")
    UIElement.objects.create(element_name=name, project=walk.project, variant="@2x", file_extension="png")
    Event.objects.create(session=visit, event_type="start")
    walk.asset.session, walk.asset.user = visit, cast.curator
    walk.asset.save()
    make_upload(make_envelope(visit, walk.asset), asset=walk.asset)
    Vote.objects.create(session=visit, asset=walk.asset, voter=cast.curator, vote_type="like")
    TimedAsset.objects.create(project=walk.project, asset=walk.asset, start_seconds=0, end_seconds=1)
    tag_ids = [walk.tags[0].pk]
    Stream.objects.create(session=visit, state=StreamState.OUT_OF_RANGE, tag_ids=tag_ids, **FAR_AWAY)
    ListenEvent.objects.create(session=visit, asset=walk.asset, audiotrack=walk.audiotrack)
    issue_token(cast.curator)
    Document.objects.create(sha256="0" * 64, name="x", text="{ __typename }")


# What fields must be given that do not answer without.
ARGUMENTS = {"distance": "(from: {latitude: 60, longitude: 25})"}


def everything(kind):
    """A selection of all fields of a type, each with the little that it needs below."""
    return " ".join(
        name + ARGUMENTS.get(name, "") + below(get_named_type(field.type)) for name, field in kind.fields.items()
    )


def below(kind):
    if not is_object_type(kind):
        return ""
    if kind.name.endswith("Connection"):
        return " { totalCount pageInfo { endCursor } edges { cursor node { id } } nodes { id } }"
    return " { id }" if "id" in kind.fields else " { __typename }"


@pytest.mark.parametrize("resource", CATALOGUE, ids=lambda resource: resource.model.__name__)
def test_every_field_of_a_type_answers(one_of_each, cast, resource):
    name = resource.model.__name__
    row = resource.rows(cast.curator).order_by("-pk").first()
    query = (
        f"query ($id: ID!) {{ node(id: $id) {{ ... on {name} {{ {everything(schema._schema.type_map[name])} }} }} }}"
    )
    answer = data(query, cast.curator, id=global_id(name, row.pk))["node"]
    assert answer["id"] == global_id(name, row.pk)
