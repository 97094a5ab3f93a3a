"""Tags in the admin."""

from django.contrib import admin

from backend.resources.admin import RoomAdmin
from backend.tagging.models import Tag, TagCategory, TagRelationship, UIGroup, UIItem


@admin.register(TagCategory)
class TagCategoryAdmin(RoomAdmin):
    """Categories."""

    list_display = ("id", "name")
    search_fields = ("name",)


@admin.register(Tag)
class TagAdmin(RoomAdmin):
    """Tags."""

    list_display = ("id", "value", "category", "project")
    search_fields = ("value", "description")
    list_filter = ("project", "category")
    raw_id_fields = ("description_texts", "message_texts")
    readonly_fields = ("version",)
    list_select_related = ("project", "category")


@admin.register(TagRelationship)
class TagRelationshipAdmin(RoomAdmin):
    """The tree of tags."""

    list_display = ("id", "tag", "parent_id")
    search_fields = ("tag__value",)
    list_filter = ("tag__project",)
    raw_id_fields = ("tag", "parent")
    list_select_related = ("tag",)


@admin.register(UIGroup)
class UIGroupAdmin(RoomAdmin):
    """How tags are offered."""

    list_display = ("id", "name", "project", "ui_mode", "category", "select", "index", "is_active")
    search_fields = ("name",)
    list_filter = ("project", "ui_mode", "is_active")
    raw_id_fields = ("header_texts",)
    list_select_related = ("project", "category")


@admin.register(UIItem)
class UIItemAdmin(RoomAdmin):
    """The tags of a group."""

    list_display = ("id", "group", "tag", "index", "is_default", "is_active")
    search_fields = ("tag__value", "group__name")
    list_filter = ("group__project", "is_active")
    raw_id_fields = ("tag", "parent")
    list_select_related = ("group", "tag")
