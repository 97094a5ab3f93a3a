"""The log in the admin: to be read, never written."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backend.journal.models import Entry, Head
from backend.resources.admin import RoomAdmin


class ReadOnlyAdmin(RoomAdmin):
    """A page that changes nothing."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody may."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody may."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody may."""
        return False


@admin.register(Head)
class HeadAdmin(ReadOnlyAdmin):
    """How far each project's log has come."""

    list_display = ("project_id", "epoch", "sequence")


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """What has happened of late."""

    list_display = ("project_id", "sequence", "kind", "stream_id", "recorded_at")
    list_filter = ("kind", "project")
    ordering = ("-id",)
