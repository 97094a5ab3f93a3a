"""Who asks: every question and every change is somebody's."""

from dataclasses import dataclass
from typing import Protocol

from backend.errors import NotAuthenticated
from backend.ids import UserId


class Viewer(Protocol):
    """A signed-in user (`accounts.User` is one), or nobody known."""

    @property
    def id(self) -> int | None:
        """The user, or None for somebody without an account."""

    @property
    def is_staff(self) -> bool:
        """Staff see and may change everything."""


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Somebody who has shown no token."""

    id: int | None = None
    is_staff: bool = False


ANONYMOUS = Anonymous()


def signed_in(viewer: Viewer) -> UserId:
    """The viewer's id. Raises NotAuthenticated when there is none."""
    if viewer.id is None:
        raise NotAuthenticated("Authentication credentials were not provided.")
    return UserId(viewer.id)
