"""Speakers and audiotracks in the admin."""

from django.contrib import admin

from backend.resources.admin import RoomAdmin
from backend.soundscape.models import Audiotrack, Speaker


@admin.register(Speaker)
class SpeakerAdmin(RoomAdmin):
    """Zones of sound."""

    list_display = ("id", "code", "project", "is_active", "min_volume", "max_volume", "attenuation_metres", "uri")
    search_fields = ("code", "uri")
    list_filter = ("project", "is_active")
    readonly_fields = ("version",)
    list_select_related = ("project",)


@admin.register(Audiotrack)
class AudiotrackAdmin(RoomAdmin):
    """Voices."""

    list_display = ("id", "project", "is_active", "min_duration_seconds", "max_duration_seconds")
    search_fields = ("project__name",)
    list_filter = ("project", "is_active")
    raw_id_fields = ("tag_filters",)
    list_select_related = ("project",)
