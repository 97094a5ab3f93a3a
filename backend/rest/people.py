"""Devices register, and their visits begin."""

from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.actions import register_device
from backend.accounts.models import User
from backend.rest.representation import Record
from backend.rest.views import Collection, Door, one
from backend.visits.actions import VisitOptions, create_session


class Users(Door):
    """The one address that needs no token: it gives them."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        """An account for a device, with a token."""
        sent = self.body
        user, token = register_device(
            sent.text("device_id") or "",
            sent.text("client_type") or "",
            first_name=sent.text("first_name") or "",
            last_name=sent.text("last_name") or "",
            email=sent.text("email") or "",
        )
        return Response(_account(user) | {"token": token})


def _account(user: User) -> Record:
    profile = user.device_profile
    return {
        "id": user.pk,
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "device_id": profile.device_id,
        "client_type": profile.client_type,
    }


class Sessions(Collection):
    """Visits: one's own, and a new one."""

    sent_ids = frozenset({"project_id", "language_id"})

    def post(self, request: Request) -> Response:
        """A visit begins."""
        sent = self.body
        options = VisitOptions(
            language_code=sent.text("language"),
            language_id=sent.id("language_id"),
            timezone=sent.text("timezone"),
            geo_listen_enabled=sent.flag("geo_listen_enabled"),
            demo_stream_enabled=sent.flag("demo_stream_enabled") or False,
            client_type=sent.text("client_type"),
            client_system=sent.text("client_system"),
        )
        visit = create_session(sent.required_id("project_id"), viewer=self.viewer, options=options)
        return Response(one(self.shown, visit.pk, self.viewer))
