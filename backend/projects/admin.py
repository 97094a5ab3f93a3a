"""Projects, languages and texts in the admin."""

from django.contrib import admin

from backend.projects.models import Language, LocalizedString, Project, ProjectGroup, UIElement, UIElementName
from backend.resources.admin import RoomAdmin


@admin.register(Language)
class LanguageAdmin(RoomAdmin):
    """Languages."""

    list_display = ("id", "code", "name")
    search_fields = ("code", "name")


@admin.register(LocalizedString)
class LocalizedStringAdmin(RoomAdmin):
    """Texts."""

    list_display = ("id", "language", "text")
    search_fields = ("text",)
    list_filter = ("language",)
    list_select_related = ("language",)


@admin.register(Project)
class ProjectAdmin(RoomAdmin):
    """Projects."""

    list_display = ("id", "name", "owner_name", "geo_listen_enabled", "auto_submit", "published_at")
    search_fields = ("name", "owner_name")
    list_filter = ("listen_enabled", "speak_enabled", "geo_listen_enabled", "auto_submit")
    filter_horizontal = ("languages",)
    raw_id_fields = (
        "owners",
        "description_texts",
        "sharing_message_texts",
        "out_of_range_message_texts",
        "legal_agreement_texts",
        "demo_stream_message_texts",
    )
    readonly_fields = ("created_at", "updated_at", "version")


@admin.register(ProjectGroup)
class ProjectGroupAdmin(RoomAdmin):
    """Groups of projects."""

    list_display = ("id", "name", "is_active")
    search_fields = ("name",)
    list_filter = ("is_active",)
    filter_horizontal = ("projects",)


@admin.register(UIElementName)
class UIElementNameAdmin(RoomAdmin):
    """Places on screens."""

    list_display = ("id", "view", "name")
    search_fields = ("name",)
    list_filter = ("view",)


@admin.register(UIElement)
class UIElementAdmin(RoomAdmin):
    """A project's own pictures."""

    list_display = ("id", "project", "element_name", "variant", "file_extension")
    search_fields = ("element_name__name", "project__name")
    list_filter = ("project", "variant")
    raw_id_fields = ("label_texts",)
    list_select_related = ("project", "element_name")
