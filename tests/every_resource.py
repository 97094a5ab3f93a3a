"""A row of every resource that can be written, what a new one is made of, and who may write it."""

from typing import Any

from backend.accounts.resources import USER
from backend.assets.models import TimedAsset, Vote
from backend.assets.resources import ASSET, ENVELOPE, TIMED_ASSET, VOTE
from backend.listening.models import ListenEvent
from backend.listening.resources import LISTEN_EVENT
from backend.projects.models import Language, LocalizedString, ProjectGroup, UIElement, UIElementName
from backend.projects.resources import (
    LANGUAGE,
    LOCALIZED_STRING,
    PROJECT,
    PROJECT_GROUP,
    UI_ELEMENT,
    UI_ELEMENT_NAME,
)
from backend.resources.resource import Resource
from backend.soundscape.resources import AUDIOTRACK, SPEAKER
from backend.tagging.models import TagCategory, TagRelationship, UIGroup, UIItem
from backend.tagging.resources import TAG, TAG_CATEGORY, TAG_RELATIONSHIP, UI_GROUP, UI_ITEM
from backend.visits.models import Event
from backend.visits.resources import EVENT, SESSION
from tests.cast import Cast, Walk, make_asset, make_envelope, make_session

STAFF = {"curator"}
EDITORS = {"owner", "curator"}
VISITORS = {"contributor", "owner", "curator"}


def rows_of(walk: Walk, cast: Cast) -> dict[Resource[Any], Any]:
    """A row of each resource that can be changed; those of a visit are the contributor's."""
    visit = make_session(walk.project, cast.contributor)
    text = LocalizedString.objects.create(text="x", language_id=1)
    walk.project.description_texts.add(text)
    name = UIElementName.objects.create(name="logo", view="home")
    mine = make_asset(walk.project, session=visit)
    picture = {"element_name": name, "variant": "@2x", "file_extension": "png"}
    return {
        USER: cast.contributor,
        LANGUAGE: Language.objects.create(code="fi", name="Finnish"),
        LOCALIZED_STRING: text,
        PROJECT: walk.project,
        PROJECT_GROUP: ProjectGroup.objects.create(name="all"),
        UI_ELEMENT_NAME: name,
        UI_ELEMENT: UIElement.objects.create(project=walk.project, **picture),
        TAG_CATEGORY: TagCategory.objects.get(),
        TAG: walk.tags[0],
        TAG_RELATIONSHIP: TagRelationship.objects.create(tag=walk.tags[0]),
        UI_GROUP: UIGroup.objects.get(),
        UI_ITEM: UIItem.objects.first(),
        SESSION: visit,
        EVENT: Event.objects.create(session=visit, event_type="x"),
        SPEAKER: walk.speaker,
        AUDIOTRACK: walk.audiotrack,
        ASSET: mine,
        ENVELOPE: make_envelope(visit),
        VOTE: Vote.objects.create(session=visit, asset=mine, vote_type="like"),
        TIMED_ASSET: TimedAsset.objects.create(project=walk.project, asset=mine, start_seconds=0, end_seconds=1),
        LISTEN_EVENT: ListenEvent.objects.create(session=visit, asset=mine),
    }


def new_rows(rows: dict[Resource[Any], Any], walk: Walk) -> dict[Resource[Any], dict[str, Any]]:
    """What a new row of each resource is made of."""
    project = {"project": walk.project.pk}
    return {
        LANGUAGE: {"code": "sv"},
        LOCALIZED_STRING: {"text": "y", "language": 1},
        PROJECT: {"name": "New", "latitude": 1, "longitude": 2, "languages": [1]},
        PROJECT_GROUP: {"name": "new", "projects": [walk.project.pk]},
        UI_ELEMENT_NAME: {"name": "new", "view": "speak"},
        UI_ELEMENT: {
            **project,
            "element_name": rows[UI_ELEMENT_NAME].pk,
            "variant": "-mdpi",
            "file_extension": "jpg",
        },
        TAG_CATEGORY: {"name": "new"},
        TAG: {**project, "category": rows[TAG_CATEGORY].pk, "value": "new"},
        TAG_RELATIONSHIP: {"tag": walk.tags[1].pk, "parent": rows[TAG_RELATIONSHIP].pk},
        UI_GROUP: {**project, "category": rows[TAG_CATEGORY].pk, "name": "new", "index": 3},
        UI_ITEM: {"group": rows[UI_GROUP].pk, "tag": walk.tags[1].pk, "index": 3},
        SPEAKER: {**project, "code": "new"},
        AUDIOTRACK: {**project, "tag_filters": [walk.tags[0].pk]},
        ENVELOPE: {"session": rows[SESSION].pk},
        TIMED_ASSET: {**project, "asset": walk.asset.pk, "start_seconds": 0, "end_seconds": 0},
        LISTEN_EVENT: {"session": rows[SESSION].pk, "asset": walk.asset.pk, "duration_seconds": 2.5},
    }


# Some harmless change of each, and who may make it.
CHANGES: dict[Resource[Any], tuple[dict[str, Any], set[str]]] = {
    USER: ({"first_name": "Ada"}, {"contributor", "curator"}),
    LANGUAGE: ({"name": "Suomi"}, STAFF),
    LOCALIZED_STRING: ({"text": "z"}, EDITORS),
    PROJECT: ({"name": "Changed"}, EDITORS),
    PROJECT_GROUP: ({"is_active": False}, STAFF),
    UI_ELEMENT_NAME: ({"description": "z"}, STAFF),
    UI_ELEMENT: ({"label_text_color": "red"}, EDITORS),
    TAG_CATEGORY: ({"name": "z"}, STAFF),
    TAG: ({"value": "z"}, EDITORS),
    TAG_RELATIONSHIP: ({"parent": None}, EDITORS),
    UI_GROUP: ({"name": "z"}, EDITORS),
    UI_ITEM: ({"is_active": False}, EDITORS),
    SESSION: ({"geo_listen_enabled": False}, {"contributor", "curator"}),
    EVENT: ({}, VISITORS),
    SPEAKER: ({"code": "z"}, EDITORS),
    AUDIOTRACK: ({"is_active": False}, EDITORS),
    ASSET: ({"description": "z"}, VISITORS),
    ENVELOPE: ({}, VISITORS),
    VOTE: ({"value": 3}, {"contributor", "curator"}),
    TIMED_ASSET: ({"end_seconds": 9}, EDITORS),
    LISTEN_EVENT: ({"duration_seconds": 3.5}, VISITORS),
}
# Who makes one, where those differ from who changes one.
MAKERS = {PROJECT: STAFF}
