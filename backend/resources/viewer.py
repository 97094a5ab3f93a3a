"""Who asks: every question and every change is somebody's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from backend.errors import NotAuthenticated
from backend.ids import UserId

Answer = TypeVar("Answer")


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


@dataclass(frozen=True, slots=True)
class Caller:
    """A viewer for the time of one request or one change: what is asked about them is read once, and kept no longer."""

    id: int | None
    is_staff: bool
    known: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, viewer: Viewer) -> "Caller":
        """The viewer, of whom nothing is known yet."""
        return cls(viewer.id, viewer.is_staff)


def once(viewer: Viewer, question: object, read: Callable[[], Answer]) -> Answer:
    """The answer to a question about the viewer; a caller remembers what `read` gave."""
    if not isinstance(viewer, Caller):
        return read()
    if question not in viewer.known:
        viewer.known[question] = read()
    answer: Answer = viewer.known[question]
    return answer


def signed_in(viewer: Viewer) -> UserId:
    """The viewer's id. Raises NotAuthenticated when there is none."""
    if viewer.id is None:
        raise NotAuthenticated("Authentication credentials were not provided.")
    return UserId(viewer.id)
