"""Assets, envelopes and votes in the admin."""

from django.contrib import admin

from backend.assets.models import Asset, AssetUpload, Envelope, TimedAsset, Vote
from backend.resources.admin import RoomAdmin


@admin.register(Asset)
class AssetAdmin(RoomAdmin):
    """What people left."""

    list_display = ("id", "project", "media_type", "submitted", "duration_seconds", "weight", "created_at", "user")
    search_fields = ("description", "filename", "user__username")
    list_filter = ("project", "media_type", "submitted", "language", "created_at")
    list_editable = ("submitted",)
    raw_id_fields = ("session", "user", "tags", "description_texts", "alt_texts", "initial_envelope")
    # A file comes in by an upload, which reads and rewrites it.
    readonly_fields = ("file", "filename", "caption_file", "updated_at", "version")
    list_select_related = ("project", "user")


@admin.register(Envelope)
class EnvelopeAdmin(RoomAdmin):
    """What was handed in together."""

    list_display = ("id", "session_id", "created_at")
    search_fields = ("session__user__username",)
    list_filter = ("session__project", "created_at")
    raw_id_fields = ("session", "assets")


@admin.register(AssetUpload)
class AssetUploadAdmin(RoomAdmin):
    """Files on their way."""

    list_display = ("id", "state", "error_code", "session_id", "asset_id", "created_at")
    list_filter = ("state", "session__project", "created_at")
    raw_id_fields = ("session", "envelope", "asset")


@admin.register(Vote)
class VoteAdmin(RoomAdmin):
    """What people think of assets."""

    list_display = ("id", "vote_type", "value", "asset_id", "session_id", "voter")
    search_fields = ("voter__username",)
    list_filter = ("vote_type", "session__project")
    raw_id_fields = ("session", "asset", "voter")
    list_select_related = ("voter",)


@admin.register(TimedAsset)
class TimedAssetAdmin(RoomAdmin):
    """Assets that play at a time."""

    list_display = ("id", "project", "asset_id", "start_seconds", "end_seconds")
    search_fields = ("asset__description",)
    list_filter = ("project",)
    raw_id_fields = ("asset",)
    list_select_related = ("project",)
