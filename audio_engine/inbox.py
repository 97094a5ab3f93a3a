"""What the bus brings, on its way into the event loop: moves wait for the beat, all else comes at once."""

from collections import deque
from collections.abc import Callable

from backend.bus.codec import Envelope
from backend.bus.commands import MoveListener
from backend.ids import StreamId

# Seconds of more listeners than an engine has; of what is beyond, the latest is what matters.
MOST_MOVES = 10_000


class Inbox:
    """A move is heard from the next block on, whenever it comes: so it need not wake the loop.

    All that came since the last beat is done together then, of each listener the latest only.
    """

    def __init__(self, hear: Callable[[Envelope], None], *, soon: Callable[[Callable[[], None]], object]) -> None:
        """`hear` is called in the loop's thread; `soon` lets that thread call something as soon as it can."""
        self._hear = hear
        self._soon = soon
        self._moves: deque[tuple[StreamId, Envelope]] = deque(maxlen=MOST_MOVES)

    def put(self, envelope: Envelope) -> None:
        """From any thread."""
        match envelope.message:
            case MoveListener(stream_id):
                self._moves.append((stream_id, envelope))
            case _:
                self._soon(lambda: self._hear_all(envelope))

    def take_moves(self) -> None:
        """In the loop's thread: before a block is planned, and whenever something depends on where listeners are."""
        latest: dict[StreamId, Envelope] = {}
        while self._moves:
            stream_id, envelope = self._moves.popleft()
            latest[stream_id] = envelope
        for envelope in latest.values():
            self._hear(envelope)

    def _hear_all(self, envelope: Envelope) -> None:
        self.take_moves()
        self._hear(envelope)
