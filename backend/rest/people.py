"""Devices register, people log in, and their visits begin."""

from typing import Any

from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.actions import log_in, register_device
from backend.errors import NotAuthenticated
from backend.rest.derive.fields import Body, FlagField, IdField, TextField
from backend.rest.derive.representation import Reading, present
from backend.rest.derive.views import Collection, Door
from backend.visits.actions import VisitOptions, create_session
from backend.visits.models import Session


class DeviceBody(Body):
    """A device, and whose it is."""

    device_id = TextField()
    client_type = TextField(required=False)
    first_name = TextField(required=False)
    last_name = TextField(required=False)
    email = TextField(required=False)


class Users(Collection):
    """Accounts: a device gets one without a token, and the list is for staff."""

    body_class = DeviceBody

    def get_permissions(self) -> list[Any]:
        """Nobody has a token before their first call."""
        return [IsAdminUser()] if self.request.method == "GET" else []

    def get_authenticators(self) -> list[Any]:
        """A client may show one that has been revoked, to get another."""
        return [] if self.request is not None and self.request.method == "POST" else [*super().get_authenticators()]

    def post(self, request: Request, **ids: str) -> Response:
        """An account for a device, with a token."""
        said = self.said()
        user, token = register_device(said.pop("device_id"), said.pop("client_type", ""), **said)
        own = Reading(viewer=user, profile=self.profile)
        return Response(
            present(self.shown, self.shown.resource.rows(user).filter(pk=user.pk), own)[0] | {"token": token}
        )


class LoginBody(Body):
    """Who somebody says they are, and what only they know."""

    username = TextField()
    password = TextField()


class Login(Door):
    """Opens an account by its password."""

    authentication_classes = ()
    permission_classes = ()
    body_class = LoginBody

    def post(self, request: Request) -> Response:
        """A token."""
        try:
            _, token = log_in(**self.said())
        except NotAuthenticated as error:
            # Both admin tools show this key, and log out at any 401.
            return Response(self.profile.refused({"non_field_errors": [error.message]}), status=400)
        return Response({"token": token})


class VisitBody(Body):
    """What a client says of its visit."""

    project_id = IdField()
    language = TextField(required=False, source="language_code")
    language_id = IdField(required=False)
    timezone = TextField(required=False)
    geo_listen_enabled = FlagField(required=False)
    demo_stream_enabled = FlagField(required=False)
    client_type = TextField(required=False)
    client_system = TextField(required=False)
    other_names = {"project_id": ("project",)}


class Sessions(Collection):
    """Visits: one's own, and a new one."""

    body_class = VisitBody

    def create(self) -> Session:
        """A visit begins."""
        said = self.said()
        return create_session(said.pop("project_id"), viewer=self.viewer, options=VisitOptions(**said))
