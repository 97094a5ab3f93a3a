"""What is shown to all alike who see an event, and what depends on who they are."""

import pytest
from graphql import get_operation_ast, parse, validate

from schema.root import schema
from schema.sameness import Sameness

ALIKE = [
    "... on LiveEvent { cursor happenedAt } ... on StreamHappening { streamId }",
    "... on ProjectEvent { __typename } ... { ... on Playing { playId assetId } }",
    "... on AssetAdded { asset { id description latitude shape submitted createdAt } }",
    "... on AssetChanged { asset { file { url mimeType } waveform(points: 5) { __typename } likes votes { total } } }",
    "... on AssetAdded { asset { altText translations { text } language { code } project { id name description } } }",
]
OTHERWISE = [
    ("... on AssetAdded { asset { user { id } } }", {"AssetAdded"}),
    ("... on AssetChanged { asset { moderationReason } }", {"AssetChanged"}),
    ("... on AssetChanged { asset { session { id } } }", {"AssetChanged"}),
    ("... on AssetChanged { asset { project { owners { totalCount } } } }", {"AssetChanged"}),
    ("... on AssetChanged { asset { project { assets(first: 1) { totalCount } } } }", {"AssetChanged"}),
    ('... on AssetAdded { asset { altText(sessionId: "1") } }', {"AssetAdded"}),
    ("... on AssetStarted { asset { id } } ... on AssetAdded { asset { id } }", {"AssetStarted"}),
    ("... on Playing { asset { id } }", {"AssetStarted", "AssetEnded"}),
    ("...Rest", {"AssetEnded"}),
]


def personal(text):
    document = parse(text)
    assert validate(schema._schema, document) == []
    return Sameness(schema._schema, document).personal_types(get_operation_ast(document))


def of_project(selection):
    fragment = "fragment Rest on AssetEnded { asset { description } }" if "...Rest" in selection else ""
    return personal(f"subscription {{ projectEvents(projectId: 1) {{ {selection} }} }} {fragment}")


@pytest.mark.parametrize("selection", ALIKE)
def test_what_belongs_to_the_event_and_what_everybody_reads_is_alike(selection):
    assert of_project(selection) == set()


@pytest.mark.parametrize(("selection", "types"), OTHERWISE)
def test_what_only_some_may_read_is_personal_in_the_events_that_show_it(selection, types):
    assert of_project(selection) == types


def test_whoever_sees_who_listens_does_not_therefore_see_what_they_hear():
    assert personal("subscription { listeners(projectId: 1) { ... on ListenerLeft { streamId } } }") == set()
    hears = "subscription { listeners(projectId: 1) { ... on ListenerJoined { listener { playing { %s } } } } }"
    assert personal(hears % "assetId") == set()
    assert personal(hears % "asset { id }") == {"ListenerJoined"}


def test_the_speakers_that_somebody_hears_are_everybodys():
    assert (
        personal("subscription { streamEvents(streamId: 1) { ... on GainsChanged { gains { speaker { id } } } } }")
        == set()
    )


def test_what_has_one_type_alone_is_asked_about_too():
    assert personal("subscription { uploadProgress(id: 1) { state errorCode } }") == set()
    assert personal("subscription { uploadProgress(id: 1) { state asset { id } } }") == {"UploadProgress"}


def test_a_field_that_is_written_twice_is_looked_at_twice():
    first, second = "uploadProgress(id: 1) { state }", "uploadProgress(id: 1) { asset { id } }"
    assert personal(f"subscription {{ {first} {second} }}") == {"UploadProgress"}
