"""What the doors show of projects, their languages and their texts: all of it, to all."""

from backend.errors import InvalidInput
from backend.projects.models import Language, LocalizedString, Project, ProjectGroup, UIElement, UIElementName
from backend.projects.ownership import may_edit, owned_project_ids, projects_that_use
from backend.projects.texts import ENGLISH_ID
from backend.resources.resource import Data, Resource, Verb
from backend.resources.viewer import Viewer

EDITED = (Verb.CREATE, Verb.UPDATE, Verb.DELETE)


def _may_write_language(viewer: Viewer, language: Language) -> bool:
    """English is every reader's last resort: nobody may change or delete it."""
    return viewer.is_staff and language.pk != ENGLISH_ID


def _may_write_text(viewer: Viewer, text: LocalizedString) -> bool:
    """Owners write new texts, and those that their own projects use and no other."""
    if viewer.is_staff:
        return True
    owned = owned_project_ids(viewer)
    if text.pk is None:
        return bool(owned)
    used_by = projects_that_use(text.pk) if owned else frozenset()
    return bool(used_by) and used_by <= owned


def _with_an_owner(data: Data, *, viewer: Viewer, row: Project) -> Data:
    """An owner may leave a project to the others, but not to nobody. (Those whom they cannot see stay anyway.)"""
    leaves = "owners" in data and not data["owners"] and not viewer.is_staff
    if leaves and row.pk is not None and not row.owners.exclude(pk=viewer.id or 0).exists():
        raise InvalidInput("A project needs an owner.", field="owners")
    return data


def _may_write_project(viewer: Viewer, project: Project) -> bool:
    return may_edit(viewer, project.pk)


def _may_write_element(viewer: Viewer, element: UIElement) -> bool:
    return may_edit(viewer, element.project_id)


LANGUAGE = Resource(
    model=Language,
    read=("id", "name", "code"),
    write=("name", "code"),
    filter=("id", "code", "name"),
    order=("id", "code", "name"),
    verbs=EDITED,
    rest_names={"code": "language_code"},
    may_write=_may_write_language,
)

LOCALIZED_STRING = Resource(
    model=LocalizedString,
    read=("id", "text", "language"),
    write=("text", "language"),
    filter=("id", "language", "language__code", "text"),
    verbs=EDITED,
    rest_names={"language": "language_id", "language__code": "language"},
    may_write=_may_write_text,
)

PROJECT_FIELDS = (
    "name",
    "owner_name",
    "latitude",
    "longitude",
    "published_at",
    "languages",
    "listen_enabled",
    "geo_listen_enabled",
    "speak_enabled",
    "geo_speak_enabled",
    "listen_questions_dynamic",
    "speak_questions_dynamic",
    "reset_tag_defaults_on_startup",
    "recording_radius_metres",
    "listener_precision_metres",
    "out_of_range_distance_metres",
    "out_of_range_url",
    "sharing_url",
    "auto_submit",
    "max_recording_seconds",
    "audio_format",
    "bitrate_kbps",
    "ordering",
    "repeat_mode",
    "timed_assets_first",
    "demo_stream_enabled",
    "demo_stream_url",
    "files_url",
    "files_version",
    "description_texts",
    "sharing_message_texts",
    "out_of_range_message_texts",
    "legal_agreement_texts",
    "demo_stream_message_texts",
)

PROJECT = Resource(
    model=Project,
    read=("id", *PROJECT_FIELDS, "created_at", "updated_at", "version"),
    read_own=("owners",),
    write=(*PROJECT_FIELDS, "owners"),
    filter=(
        "id",
        "name",
        "owners",
        "languages",
        "groups",
        "published_at",
        "listen_enabled",
        "geo_listen_enabled",
        "speak_enabled",
        "geo_speak_enabled",
    ),
    order=("id", "name", "published_at"),
    verbs=EDITED,
    rest_names={
        "owner_name": "owner",
        "published_at": "pub_date",
        "languages": "language_ids",
        "recording_radius_metres": "recording_radius",
        "out_of_range_distance_metres": "out_of_range_distance",
        "max_recording_seconds": "max_recording_length",
        "bitrate_kbps": "audio_stream_bitrate",
        "timed_assets_first": "timed_asset_priority",
        "description_texts": "description_loc",
        "sharing_message_texts": "sharing_message_loc",
        "out_of_range_message_texts": "out_of_range_message_loc",
        "legal_agreement_texts": "legal_agreement_loc",
        "demo_stream_message_texts": "demo_stream_message_loc",
    },
    may_write=_may_write_project,
    prepare=_with_an_owner,
)

PROJECT_GROUP = Resource(
    model=ProjectGroup,
    read=("id", "name", "is_active", "description", "projects"),
    write=("name", "is_active", "description", "projects"),
    filter=("id", "name", "is_active", "projects"),
    order=("id", "name"),
    verbs=EDITED,
    rest_names={"is_active": "active", "projects": "project_ids"},
)

UI_ELEMENT_NAME = Resource(
    model=UIElementName,
    read=("id", "name", "description", "view"),
    write=("name", "description", "view"),
    filter=("id", "name", "view"),
    order=("id", "name"),
    verbs=EDITED,
)

UI_ELEMENT = Resource(
    model=UIElement,
    read=(
        "id",
        "element_name",
        "project",
        "variant",
        "file_extension",
        "label_texts",
        "label_text_color",
        "label_position",
    ),
    write=(
        "element_name",
        "project",
        "variant",
        "file_extension",
        "label_texts",
        "label_text_color",
        "label_position",
    ),
    filter=(
        "id",
        "project",
        "element_name",
        "element_name__name",
        "element_name__view",
        "variant",
        "file_extension",
    ),
    verbs=EDITED,
    rest_names={
        "element_name": "uielementname_id",
        "project": "project_id",
        "label_texts": "label_text_loc_ids",
    },
    may_write=_may_write_element,
)
