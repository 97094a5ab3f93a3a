"""What the doors show of tags and of how they are offered: all of it, to all."""

from backend.projects.ownership import may_edit
from backend.resources.resource import Resource, Verb
from backend.resources.viewer import Viewer
from backend.tagging.models import Tag, TagCategory, TagRelationship, UIGroup, UIItem

EDITED = (Verb.CREATE, Verb.UPDATE, Verb.DELETE)


def _may_write_tag(viewer: Viewer, tag: Tag) -> bool:
    return may_edit(viewer, tag.project_id)


def _may_write_relationship(viewer: Viewer, relationship: TagRelationship) -> bool:
    return may_edit(viewer, relationship.tag.project_id)


def _may_write_group(viewer: Viewer, group: UIGroup) -> bool:
    return may_edit(viewer, group.project_id)


def _may_write_item(viewer: Viewer, item: UIItem) -> bool:
    return may_edit(viewer, item.group.project_id)


TAG_CATEGORY = Resource(
    model=TagCategory,
    read=("id", "name", "data"),
    write=("name", "data"),
    filter=("id", "name"),
    order=("id", "name"),
    verbs=EDITED,
)

TAG = Resource(
    model=Tag,
    read=(
        "id",
        "project",
        "category",
        "value",
        "description",
        "description_texts",
        "message_texts",
        "data",
        "filter",
        "location",
        "relationships",
        "version",
    ),
    write=(
        "project",
        "category",
        "value",
        "description",
        "description_texts",
        "message_texts",
        "data",
        "filter",
        "location",
    ),
    filter=("id", "project", "category", "category__name", "value", "description", "data", "location"),
    verbs=EDITED,
    rest_names={
        "project": "project_id",
        "category": "tag_category_id",
        "description_texts": "description_loc_ids",
        "message_texts": "msg_loc_ids",
    },
    may_write=_may_write_tag,
)

TAG_RELATIONSHIP = Resource(
    model=TagRelationship,
    read=("id", "tag", "parent"),
    write=("tag", "parent"),
    filter=("id", "tag", "tag__project", "parent"),
    verbs=EDITED,
    rest_names={"tag": "tag_id", "parent": "parent_id"},
    may_write=_may_write_relationship,
)

UI_GROUP = Resource(
    model=UIGroup,
    read=(
        "id",
        "project",
        "name",
        "header_texts",
        "ui_mode",
        "category",
        "select",
        "is_active",
        "index",
        "uiitem_filter",
        "items",
    ),
    write=(
        "project",
        "name",
        "header_texts",
        "ui_mode",
        "category",
        "select",
        "is_active",
        "index",
        "uiitem_filter",
    ),
    filter=("id", "project", "name", "category", "ui_mode", "select", "is_active", "index"),
    order=("index", "id"),
    verbs=EDITED,
    rest_names={
        "project": "project_id",
        "header_texts": "header_text_loc",
        "category": "tag_category_id",
        "is_active": "active",
        "items": "ui_items",
    },
    may_write=_may_write_group,
)

UI_ITEM = Resource(
    model=UIItem,
    read=("id", "group", "index", "tag", "is_default", "is_active", "parent"),
    write=("group", "index", "tag", "is_default", "is_active", "parent"),
    filter=("id", "group", "group__project", "tag", "parent", "is_default", "is_active", "index"),
    order=("index", "id"),
    verbs=EDITED,
    rest_names={
        "group": "ui_group_id",
        "group__project": "project_id",
        "tag": "tag_id",
        "is_default": "default",
        "is_active": "active",
        "parent": "parent_id",
    },
    may_write=_may_write_item,
)
