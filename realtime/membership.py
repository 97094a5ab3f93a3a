"""One subscriber: what it was sent, what waits, and what it must be told that it does not get."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from backend.bus.cursor import Cursor
from backend.bus.events import Logged
from backend.resources.viewer import Viewer
from realtime.happening import Happening, Lagged, Newest, subject_of

Payload = TypeVar("Payload")
Payload_contra = TypeVar("Payload_contra", contravariant=True)

# Not yet taken by its socket: with more than this a subscriber is behind.
MOST_EVENTS = 64
MOST_BYTES = 1 << 20
# It goes on when this little is left.
FEW_EVENTS = 8
FEW_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Unsent:
    """What a subscriber's socket has been given and has not taken yet."""

    events: int = 0
    bytes: int = 0


class Outlet(Protocol[Payload_contra]):
    """How payloads reach one subscriber. Nothing here waits."""

    def send(self, payload: Payload_contra, happening: Happening) -> None:
        """Give it to the socket."""

    def unsent(self) -> Unsent:
        """What the socket has not taken yet."""

    def end(self) -> None:
        """Nothing comes after this."""


class Membership(Generic[Payload]):
    """Belongs to one event loop. `cursor` is where the subscriber would go on from."""

    def __init__(self, outlet: Outlet[Payload], viewer: Viewer, *, cursor: Cursor, serial: int) -> None:
        self.outlet = outlet
        self.viewer = viewer
        self.cursor = cursor
        self._serial = serial
        # Another process may have told it more than this one has heard by now.
        self._knows_upto = cursor
        # What comes while it is told the past waits, and follows.
        self._held: deque[tuple[Happening, Payload]] | None = deque()
        self._newest: dict[Hashable, tuple[Happening, Payload]] = {}
        self._missed: int | None = 0
        self._lost_at: Happening | None = None
        self._is_ending = False

    @property
    def is_slow(self) -> bool:
        """Whether it has to be looked at again: something waits until its socket has taken what it was given."""
        return self._lost_at is not None or bool(self._newest)

    def take(self, happening: Happening, payload: Payload) -> None:
        """What has happened. Nothing comes twice, nothing before it joined, and nothing after the end."""
        if self._knows(happening):
            return
        if self._held is None:
            self._pass(happening, payload)
        elif len(self._held) < MOST_EVENTS:
            self._held.append((happening, payload))
        else:
            held, self._held = self._held, deque()
            for each in [*held, (happening, payload)]:
                self._let_go(*each)

    def lose(self, happening: Happening) -> None:
        """This one it does not get; it will be told how many there were."""
        if isinstance(happening.event, Newest) or self._knows(happening):
            return
        missed = happening.event.missed if isinstance(happening.event, Lagged) else 1
        self._missed = None if self._missed is None or missed is None else self._missed + missed
        self._lost_at = happening

    def tell_past(self, happening: Happening, payload: Payload) -> None:
        """Of what was before it joined."""
        if isinstance(happening.event, Lagged):
            # The log may be shorter than the place that it named: what is written there now is new.
            self._knows_upto = happening.cursor
        self._send(happening, payload)

    def go_live(self) -> None:
        """It knows the past now: what was held follows."""
        held, self._held = self._held or deque(), None
        for happening, payload in held:
            self._pass(happening, payload)
        self._end_if_told()

    def end(self) -> None:
        """Nothing happens any more: its outlet ends as soon as nothing waits."""
        self._is_ending = True
        self._end_if_told()

    def has_room(self) -> bool:
        """Whether its socket has taken nearly all."""
        unsent = self.outlet.unsent()
        return unsent.events <= FEW_EVENTS and unsent.bytes <= FEW_BYTES

    def lag(self) -> Happening | None:
        """What to tell a subscriber that was behind and is not any more."""
        if self._lost_at is None or self._held is not None or not self.has_room():
            return None
        lost = self._lost_at
        return Happening(Lagged(self._missed, self.cursor), lost.cursor, lost.at, lost.serial)

    def tell_lag(self, lag: Happening, payload: Payload) -> bool:
        """Send what `lag` gave, unless more was lost meanwhile; says whether it was sent."""
        if self._lost_at is None or self._lost_at.serial != lag.serial:
            return False
        self._missed, self._lost_at = 0, None
        self._send(lag, payload)
        return True

    def hold(self, serial: int) -> None:
        """It is told how things are at this serial: what comes later waits until `go_live`."""
        self._held, self._serial = deque(), serial

    def tell_newest(self) -> None:
        """What waited because only the newest counts."""
        if self._held is None and self._lost_at is None and self.outlet.unsent().events == 0:
            self._send_newest()
        self._end_if_told()

    def _knows(self, happening: Happening) -> bool:
        place, known = happening.cursor, self._knows_upto
        is_before = place.epoch == known.epoch and place.sequence <= known.sequence
        is_told = happening.serial <= self._serial or (is_before and isinstance(happening.event, Logged))
        return is_told or self._is_ending

    def _end_if_told(self) -> None:
        if self._is_ending and self._held is None and not self.is_slow:
            self.outlet.end()

    def _let_go(self, happening: Happening, payload: Payload) -> None:
        if isinstance(happening.event, Newest):
            self._newest[_subject(happening)] = (happening, payload)
        else:
            self.lose(happening)

    def _pass(self, happening: Happening, payload: Payload) -> None:
        unsent = self.outlet.unsent()
        if isinstance(happening.event, Newest):
            if unsent.events or self._lost_at is not None:
                self._newest[_subject(happening)] = (happening, payload)
            else:
                self._newest.pop(_subject(happening), None)
                self._send(happening, payload)
        elif self._lost_at is not None or unsent.events >= MOST_EVENTS or unsent.bytes >= MOST_BYTES:
            self.lose(happening)
        else:
            # Later, their cursors would lead back before this one.
            self._send_newest()
            self._send(happening, payload)

    def _send_newest(self) -> None:
        newest, self._newest = self._newest, {}
        for happening, payload in sorted(newest.values(), key=lambda each: each[0].serial):
            self._send(happening, payload)

    def _send(self, happening: Happening, payload: Payload) -> None:
        self.cursor = happening.cursor
        self.outlet.send(payload, happening)


def _subject(happening: Happening) -> Hashable:
    return type(happening.event), subject_of(happening)
