"""The derived mutations: what is sent is written, what comes back is what was asked for, and errors are typed."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from graphql import is_input_object_type
from strawberry.utils.str_converters import to_camel_case

from backend.assets.models import Asset, Envelope
from backend.catalogue import CATALOGUE
from backend.projects.models import LocalizedString, Project
from backend.resources.resource import Verb
from backend.resources.viewer import ANONYMOUS
from backend.soundscape.models import Speaker
from backend.tagging.models import Tag, UIGroup
from schema.derive.roots import plural, root_name
from schema.ids import global_id
from schema.root import schema
from tests.cast import make_session, make_speaker
from tests.every_resource import CHANGES, MAKERS, new_rows, rows_of
from tests.schema.asking import ask
from tests.schema.test_mutations import do
from tests.schema.test_statements import statements
from tests.unchanged import nothing_changes

SQUARE = {"type": "Polygon", "coordinates": [[[24, 60], [25, 60], [25, 61], [24, 60]]]}
TYPES = schema._schema.type_map


def id_of(row):
    return global_id(type(row).__name__, row.pk)


@pytest.fixture
def refusal(recording_bus):
    """The answer to a mutation that changes nothing."""

    def act(mutation, viewer, /, **given):
        with nothing_changes(recording_bus):
            return do(mutation, "clientMutationId", viewer, clientMutationId="mine", **given)

    return act


@pytest.fixture
def refuses(refusal):
    """A mutation gives a typed error of a code and a field, and changes nothing."""

    def act(mutation, viewer, code, field, /, **given):
        answer = refusal(mutation, viewer, **given)
        assert (answer.get("code"), answer.get("field"), answer["clientMutationId"]) == (code, field, "mine"), answer
        return answer["__typename"]

    return act


def test_a_row_is_made_and_shown_as_it_was_asked_for(walk, cast):
    given = {"project": id_of(walk.project), "code": "new", "minVolume": 0.25, "shape": SQUARE, "isActive": True}
    selection = "clientMutationId speaker { id code minVolume maxVolume shape boundary version project { name } }"
    answer = do("createSpeaker", selection, cast.owner, clientMutationId="mine", **given)
    row = Speaker.objects.get(code="new")
    shown = answer["speaker"]
    assert (answer["__typename"], answer["clientMutationId"]) == ("CreateSpeakerSuccess", "mine")
    assert shown["shape"] == {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]]}
    assert (shown["id"], shown["boundary"]["type"]) == (id_of(row), "MultiLineString")
    assert (shown["minVolume"], shown["maxVolume"], shown["version"]) == (0.25, 1.0, 1)
    assert shown["project"] == {"name": "Walk"}
    assert row.shape == MultiPolygon(Polygon(*SQUARE["coordinates"]), srid=4326)


def test_ids_may_be_the_bare_keys_of_the_old_api(walk, cast):
    answer = do("createSpeaker", "speaker { id }", cast.owner, project=str(walk.project.pk), code="new")
    assert answer["speaker"]["id"] == id_of(Speaker.objects.get(code="new"))
    answer = do("deleteSpeaker", "deletedIds", cast.owner, id=str(walk.speaker.pk))
    assert answer["deletedIds"] == [id_of(walk.speaker)]


def test_what_is_left_out_stays_and_null_clears(walk, cast):
    Tag.objects.filter(pk=walk.tags[0].pk).update(description="old", data="old")
    answer = do("updateTag", "tag { description data value }", cast.owner, id=id_of(walk.tags[0]), description=None)
    assert answer["tag"] == {"description": None, "data": "old", "value": "sea"}


def test_links_are_set_by_their_ids_and_cleared(walk, cast):
    given = {"id": id_of(walk.audiotrack), "tagFilters": [id_of(walk.tags[1]), str(walk.tags[0].pk)]}
    selection = "audiotrack { tagFilters { nodes { value } } }"
    answer = do("updateAudiotrack", selection, cast.owner, **given)
    assert answer["audiotrack"]["tagFilters"]["nodes"] == [{"value": "sea"}, {"value": "stone"}]
    answer = do("updateAudiotrack", selection, cast.owner, **{**given, "tagFilters": []})
    assert answer["audiotrack"]["tagFilters"]["nodes"] == []


def test_closed_sets_are_enums(walk, cast):
    given = {"project": id_of(walk.project), "category": id_of(walk.tags[0].category), "name": "x", "index": 1}
    answer = do("createUIGroup", "uiGroup { uiMode select }", cast.owner, uiMode="SPEAK", select="MIN_ONE", **given)
    assert answer["uiGroup"] == {"uiMode": "SPEAK", "select": "MIN_ONE"}
    assert UIGroup.objects.get(name="x").select == "min_one"


def test_the_envelope_of_an_upload_is_made_for_ones_own_visit(walk, cast, refuses):
    visit = make_session(walk.project, cast.contributor)
    refuses("createEnvelope", cast.stranger, "NOT_FOUND", "session", session=id_of(visit))
    answer = do("createEnvelope", "envelope { id session { id } }", cast.contributor, session=id_of(visit))
    assert answer["envelope"] == {"id": id_of(Envelope.objects.get()), "session": {"id": id_of(visit)}}


def test_a_lost_update_is_refused(walk, cast, refuses):
    given = {"id": id_of(walk.speaker), "code": "x"}
    answer = do("updateSpeaker", "speaker { version }", cast.owner, expectedVersion=1, **given)
    assert answer["speaker"]["version"] == 2
    refused = refuses("updateSpeaker", cast.owner, "VERSION_CONFLICT", "expectedVersion", expectedVersion=1, **given)
    assert refused == "ConflictError"
    versioned = [resource.model for resource in CATALOGUE if "version" in resource.read]
    asked = [name for name, kind in TYPES.items() if is_input_object_type(kind) and "expectedVersion" in kind.fields]
    assert sorted(asked) == sorted(f"Update{model.__name__}Input" for model in versioned)


def test_several_are_deleted_or_none(walk, cast, refuses):
    other = make_speaker(walk.project)
    ids = [id_of(other), id_of(walk.speaker)]
    refuses("deleteSpeakers", cast.stranger, "NOT_PERMITTED", None, ids=ids)
    refuses("deleteSpeakers", cast.owner, "NOT_FOUND", "ids", ids=[*ids, global_id("Speaker", 0)])
    refuses("deleteSpeakers", cast.owner, "NOT_FOUND", "ids", ids=[*ids, id_of(walk.tags[0])])
    refuses("deleteSpeakers", cast.owner, "INVALID_INPUT", "ids", ids=[str(key) for key in range(501)])
    assert do("deleteSpeakers", "deletedIds", cast.owner, ids=ids)["deletedIds"] == ids
    assert Speaker.objects.count() == 0


def test_an_id_of_another_type_is_not_found(walk, cast, refuses):
    refuses("updateSpeaker", cast.owner, "NOT_FOUND", "id", id=id_of(walk.project), code="x")
    refuses("deleteSpeaker", cast.owner, "NOT_FOUND", "id", id=id_of(walk.project))
    refuses("createSpeaker", cast.owner, "NOT_FOUND", "project", project=id_of(walk.speaker), code="x")
    given = {"id": id_of(walk.audiotrack), "tagFilters": [id_of(walk.speaker)]}
    refuses("updateAudiotrack", cast.owner, "NOT_FOUND", "tagFilters", **given)


def test_errors_name_the_field_as_the_input_does(walk, cast, refuses):
    refuses("updateSpeaker", cast.owner, "INVALID_INPUT", "maxVolume", id=id_of(walk.speaker), maxVolume=-1)
    refuses("updateSpeaker", cast.owner, "INVALID_INPUT", "minVolume", id=id_of(walk.speaker), minVolume=None)
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}
    refuses("updateSpeaker", cast.owner, "INVALID_INPUT", "shape", id=id_of(walk.speaker), shape=bow)
    given = {"id": id_of(walk.project), "publishedAt": "0001-01-01T00:00:00+14:00"}
    refuses("updateProject", cast.owner, "INVALID_INPUT", "publishedAt", **given)


def test_what_is_not_in_the_input_is_not_taken(walk, cast):
    query = """mutation ($id: ID!) { updateAsset(input: {id: $id, user: "1"}) { __typename } }"""
    answer = ask(query, cast.curator, id=id_of(walk.asset))
    assert "user" in answer["errors"][0]["message"]
    assert Asset.objects.get().user is None


def test_a_second_mutation_knows_what_the_first_has_done(walk, cast):
    """Who has just left a project may change it no more, in the same request."""
    walk.project.owners.add(cast.stranger)
    query = """mutation ($id: ID!) {
      leave: updateProject(input: {id: $id, owners: []}) { __typename }
      rename: updateProject(input: {id: $id, name: "Mine"}) { __typename ... on Error { code } }
    }"""
    answer = ask(query, cast.owner, id=id_of(walk.project))["data"]
    assert answer["leave"] == {"__typename": "UpdateProjectSuccess"}
    assert answer["rename"] == {"__typename": "NotPermittedError", "code": "NOT_PERMITTED"}
    assert Project.objects.get().name == "Walk"


def test_a_row_costs_the_same_to_make_whatever_is_asked_of_it(walk, cast):
    query = """mutation ($input: CreateSpeakerInput!) {
      createSpeaker(input: $input) { ... on CreateSpeakerSuccess { speaker { %s } } }
    }"""
    given = {"project": id_of(walk.project), "code": "new"}
    few = statements(query % "id", cast.owner, input=given)
    many = statements(query % "id code shape project { name tags { nodes { value } } }", cast.owner, input=given)
    assert len(many) == len(few) + 1


@pytest.fixture
def rows(walk, cast):
    return rows_of(walk, cast)


def sent(resource, data):
    """What the writer is given, as a client sends it."""
    column = resource.model._meta.get_field
    return {to_camel_case(name): _sent(column(name), value) for name, value in data.items()}


def _sent(column, value):
    if value is None:
        return None
    if column.is_relation:
        name = column.related_model.__name__
        return [global_id(name, key) for key in value] if isinstance(value, list) else global_id(name, value)
    # Enums are named as their values here, in capitals.
    return ENUMS.get(value, value)


ENUMS = {"@2x": "X2", "-mdpi": "MDPI", "jpg": "JPG", "speak": "SPEAK"}


def attempts(resource, row, new):
    """Every mutation of a resource with an input that is right."""
    name, key = resource.model.__name__, id_of(row)
    if Verb.UPDATE in resource.verbs:
        yield f"update{name}", {"id": key, **sent(resource, CHANGES[resource][0])}, CHANGES[resource][1]
    if Verb.CREATE in resource.verbs:
        yield f"create{name}", sent(resource, new), MAKERS.get(resource, CHANGES[resource][1])
    if Verb.DELETE in resource.verbs:
        yield f"delete{name}", {"id": key}, CHANGES[resource][1]
        yield f"delete{plural(name)}", {"ids": [key]}, CHANGES[resource][1]


@pytest.mark.parametrize("resource", [each for each in CATALOGUE if each.verbs], ids=lambda each: each.model.__name__)
def test_every_mutation_refuses_a_stranger_and_obeys_who_may(rows, walk, cast, refusal, resource):
    new = new_rows(rows, walk).get(resource, {})
    for mutation, given, allowed in attempts(resource, rows[resource], new):
        assert refusal(mutation, ANONYMOUS, **given)["code"] == "NOT_AUTHENTICATED"
        assert refusal(mutation, cast.stranger, **given)["code"] in ("NOT_FOUND", "NOT_PERMITTED")
        if not mutation.startswith("delete"):
            viewer = getattr(cast, min(allowed))
            answer = do(mutation, f"{root_name(resource)} {{ id }}", viewer, **given)
            assert answer["__typename"].endswith("Success"), answer


def test_every_verb_has_its_mutations_and_no_other():
    made = set(TYPES["Mutation"].fields)
    derived = {
        name
        for resource in CATALOGUE
        for name in (
            f"create{resource.model.__name__}",
            f"update{resource.model.__name__}",
            f"delete{resource.model.__name__}",
            f"delete{plural(resource.model.__name__)}",
        )
    }
    declared = {
        f"{verb}{name}"
        for resource in CATALOGUE
        for verb in resource.verbs
        for name in {resource.model.__name__, *([plural(resource.model.__name__)] if verb is Verb.DELETE else [])}
    }
    # The visit of a person, with what its device says, is begun by hand.
    assert made & derived - declared == {"createSession"}
    assert declared <= made


def test_texts_are_made_by_owners_for_their_project(walk, cast):
    given = {"text": "Hello", "language": global_id("Language", 1)}
    made = do("createLocalizedString", "localizedString { id }", cast.owner, **given)["localizedString"]["id"]
    selection = "project { legalAgreement }"
    shown = do("updateProject", selection, cast.owner, id=id_of(walk.project), legalAgreementTexts=[made])
    assert shown["project"] == {"legalAgreement": "Hello"}
    assert LocalizedString.objects.get().text == "Hello"
