"""Inputs of mutations made of their types: every id names a row that is not the asker's."""

import re
import uuid
from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from graphql import get_named_type, is_enum_type, is_input_object_type, is_list_type, is_required_input_field
from graphql.type import get_nullable_type
from strawberry.utils.str_converters import to_snake_case

from backend.catalogue import CATALOGUE
from backend.projects.models import LocalizedString, ProjectGroup, UIElement, UIElementName
from backend.tagging.models import TagRelationship
from schema.ids import global_id

MODELS = {resource.model.__name__: resource.model for resource in CATALOGUE}
SCALARS = {
    "String": "xx",
    "Int": 1,
    "Float": 0.5,
    "Boolean": True,
    "BigInt": "1",
    "DateTime": datetime(2026, 1, 1, tzinfo=UTC).isoformat(),
    "GeoJSON": {"type": "Polygon", "coordinates": [[[24, 60], [25, 60], [25, 61], [24, 60]]]},
}


def generated(kind, walk, secrets):
    """A value of this input type: all fields of an update, those that must be there of the others."""
    return {field: value(kind, field, walk, secrets) for field in kind.fields if wanted(kind, field)}


def wanted(kind, field):
    """All of an update, what must be there of the others; never a version that would be asked first."""
    if field in ("clientMutationId", "expectedVersion", "uploadId"):
        return False
    return kind.name.startswith("Update") or is_required_input_field(kind.fields[field])


def value(kind, field, walk, secrets):
    """A value that the field takes: ids are of rows that are not the outsider's."""
    outer = get_nullable_type(kind.fields[field].type)
    named = get_named_type(outer)
    if named.name == "ID":
        one = some_id(kind, field, walk, secrets)
    elif named.name == "Upload":
        one = SimpleUploadedFile("x.wav", b"RIFF")
    elif is_enum_type(named):
        one = next(iter(named.values))
    elif is_input_object_type(named):
        one = {
            each: value(named, each, walk, secrets)
            for each in named.fields
            if is_required_input_field(named.fields[each])
        }
    else:
        one = SCALARS[named.name]
    return [one] if is_list_type(outer) else one


def some_id(kind, field, walk, secrets):
    row = row_for(target_of(kind, field), walk, secrets)
    return str(uuid.uuid4()) if row is None else global_id(type(row).__name__, row.pk)


def target_of(kind, field):
    """The model that an id of an input names."""
    derived = re.fullmatch(r"(Create|Update|Delete)(\w+)Input", kind.name)
    name = derived[2] if derived else ""
    singular = next((each for each in MODELS if name in (each, f"{each}s", f"{each[:-1]}ies")), None)
    if field in ("id", "ids"):
        return MODELS[singular] if singular else MODELS["Asset"]
    if singular and kind.name != "CreateSessionInput":
        return MODELS[singular]._meta.get_field(to_snake_case(field)).related_model
    return MODELS[re.sub(r"Ids?$", "", field[0].upper() + field[1:])]


def row_for(model, walk, secrets):
    hidden = [row for row in (*secrets.hidden, *secrets.shown) if type(row) is model]
    return hidden[0] if hidden else model._default_manager.first() or make(model, walk)


def make(model, walk):
    def element_name():
        return UIElementName.objects.get_or_create(name="logo", view="home")[0]

    makers = {
        LocalizedString: lambda: LocalizedString.objects.create(text="x", language_id=1),
        ProjectGroup: lambda: ProjectGroup.objects.create(name="all"),
        UIElementName: element_name,
        UIElement: lambda: UIElement.objects.create(
            element_name=element_name(), project=walk.project, variant="@3x", file_extension="png"
        ),
        TagRelationship: lambda: TagRelationship.objects.create(tag=walk.tags[0]),
    }
    return makers[model]()
