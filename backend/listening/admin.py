"""Streams and listen events in the admin."""

from django.contrib import admin

from backend.listening.models import ListenEvent, Stream
from backend.resources.admin import RoomAdmin


@admin.register(Stream)
class StreamAdmin(RoomAdmin):
    """Who listens; the key stays out of sight."""

    list_display = ("id", "session_id", "state", "bitrate", "opened_at", "last_seen_at", "closed_at")
    search_fields = ("session__user__username",)
    list_filter = ("state", "session__project", "opened_at")
    raw_id_fields = ("session",)


@admin.register(ListenEvent)
class ListenEventAdmin(RoomAdmin):
    """What was heard."""

    list_display = ("id", "session_id", "asset_id", "started_at", "duration_seconds")
    search_fields = ("session__user__username",)
    list_filter = ("session__project", "started_at")
    raw_id_fields = ("session", "asset", "audiotrack")
