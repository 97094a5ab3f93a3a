"""Accounts in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from backend.accounts.forms import AdminLoginForm
from backend.accounts.models import DeviceProfile, Token, User
from backend.resources.admin import RoomAdmin

admin.site.login_form = AdminLoginForm
admin.site.register(User, UserAdmin)


@admin.register(DeviceProfile)
class DeviceProfileAdmin(RoomAdmin):
    """What devices told of themselves."""

    list_display = ("id", "user", "device_id", "client_type")
    search_fields = ("device_id", "user__username")
    list_filter = ("client_type",)
    raw_id_fields = ("user",)
    list_select_related = ("user",)


@admin.register(Token)
class TokenAdmin(RoomAdmin):
    """Tokens can be revoked here; none is made by hand, and none can be read."""

    list_display = ("id", "user", "created_at", "revoked_at")
    search_fields = ("user__username",)
    list_filter = ("created_at", "revoked_at")
    raw_id_fields = ("user",)
    readonly_fields = ("user", "created_at")
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A token is shown once, to whom it is given."""
        return False
