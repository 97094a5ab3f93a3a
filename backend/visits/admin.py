"""Visits in the admin."""

from django.contrib import admin

from backend.resources.admin import RoomAdmin
from backend.visits.models import Event, Session


@admin.register(Session)
class SessionAdmin(RoomAdmin):
    """Visits."""

    list_display = ("id", "project", "user", "started_at", "client_type", "geo_listen_enabled")
    search_fields = ("device_id", "user__username", "client_system")
    list_filter = ("project", "started_at", "client_type")
    raw_id_fields = ("user",)
    list_select_related = ("project", "user")


@admin.register(Event)
class EventAdmin(RoomAdmin):
    """What was noted."""

    list_display = ("id", "session_id", "event_type", "logged_at", "latitude", "longitude", "tag_ids")
    search_fields = ("event_type", "data")
    list_filter = ("session__project", "logged_at")
    raw_id_fields = ("session",)
