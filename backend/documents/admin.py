"""Registered documents in the admin."""

from django.contrib import admin
from django.http import HttpRequest

from backend.documents.models import Document
from backend.resources.admin import RoomAdmin


@admin.register(Document)
class DocumentAdmin(RoomAdmin):
    """Documents can be read and withdrawn here; `manage.py register_documents` adds them."""

    list_display = ("name", "sha256", "registered_at")
    search_fields = ("name", "sha256")
    readonly_fields = ("sha256", "text", "registered_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are validated against the schema when they are registered, which the admin cannot do."""
        return False
