"""How messages reach the other processes: one promise, and what its fulfilments share."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import Protocol, TypeVar

from backend.bus.codec import Envelope, Message, Topic, UnknownMessage, decode, encode
from backend.bus.commands import Command
from backend.bus.cursor import Stamp
from backend.bus.replies import Reply
from backend.errors import EngineUnavailable

log = logging.getLogger(__name__)

Hear = Callable[[Envelope], object]
Stop = Callable[[], None]
T = TypeVar("T")

# How long whoever begins to listen waits for this to be confirmed.
CONFIRMED_WITHIN_SECONDS = 2.0


class Bus(Protocol):
    """Fire and forget between processes, from any thread."""

    def publish(self, message: Message, stamp: Stamp | None = None) -> None:
        """Send to whoever listens. Never raises and never waits: what cannot be sent soon is logged and lost."""

    def ask(self, command: Command, *, deadline_seconds: float) -> Reply:
        """Send a question and wait for its reply. Raises EngineUnavailable after the deadline."""

    def answer(self, question: Envelope, reply: Reply) -> None:
        """Reply to a question that was heard."""

    def listen(self, topics: Collection[Topic], hear: Hear) -> Stop:
        """Call `hear` for every message of these topics, in a thread of the bus; it must not wait."""

    def on_gap(self, callback: Callable[[], object]) -> Stop:
        """Call this, in a thread of the bus, whenever messages may have been missed and new ones arrive again.

        What was stored before a missed message was published can be read by then. It must not wait.
        """

    @property
    def lost(self) -> int:
        """How many messages of this process could not be sent."""

    def close(self) -> None:
        """Send what still waits, for a moment, and let go of connections and threads."""


class Switchboard:
    """What every fulfilment of Bus shares: who listens, and which questions are open."""

    def __init__(self) -> None:
        self._ears: list[tuple[frozenset[Topic], Hear]] = []
        self._gap_callbacks: list[Callable[[], object]] = []
        self._questions: dict[str, Future[Reply]] = {}
        self._lock = threading.Lock()

    def send(self, topic: Topic, data: bytes) -> None:
        """Hand bytes to the other processes, without waiting; the fulfilment's own part."""
        raise NotImplementedError

    def start_hearing(self, topics: frozenset[Topic], *, patience_seconds: float) -> bool:
        """Make sure that messages of these topics arrive; the fulfilment's own part. False: not in this time."""
        return True

    def publish(self, message: Message, stamp: Stamp | None = None) -> None:
        """See Bus."""
        self._post(Envelope(message, stamp=stamp))

    def answer(self, question: Envelope, reply: Reply) -> None:
        """See Bus."""
        self._post(Envelope(reply, question.question))

    def ask(self, command: Command, *, deadline_seconds: float) -> Reply:
        """See Bus."""
        deadline = time.monotonic() + deadline_seconds
        question, future = uuid.uuid4().hex, Future[Reply]()
        with self._lock:
            self._questions[question] = future
        try:
            if self.start_hearing(frozenset({Topic.REPLIES}), patience_seconds=deadline_seconds):
                self._post(Envelope(command, question))
            return future.result(max(deadline - time.monotonic(), 0))
        except TimeoutError:
            raise EngineUnavailable("The audio engine did not answer in time; try again.") from None
        finally:
            with self._lock:
                del self._questions[question]

    def listen(self, topics: Collection[Topic], hear: Hear) -> Stop:
        """See Bus."""
        ear = (frozenset(topics), hear)
        stop = self._kept(self._ears, ear)
        self.start_hearing(ear[0], patience_seconds=CONFIRMED_WITHIN_SECONDS)
        return stop

    def on_gap(self, callback: Callable[[], object]) -> Stop:
        """See Bus."""
        return self._kept(self._gap_callbacks, callback)

    def dispatch(self, data: bytes) -> None:
        """Give one arrived message to those who wait for it."""
        try:
            envelope = decode(data)
        except UnknownMessage as error:
            log.warning("The bus dropped a message: %s", error)
            return
        with self._lock:
            future = self._questions.get(envelope.question) if envelope.topic is Topic.REPLIES else None
            hears = [hear for topics, hear in self._ears if envelope.topic in topics]
        if future is not None and not future.done():
            future.set_result(envelope.message)  # type: ignore[arg-type]  # the topic REPLIES holds replies alone
        for hear in hears:
            hear(envelope)

    def tell_gap(self) -> None:
        """Messages may have been missed, and arrive again."""
        with self._lock:
            callbacks = list(self._gap_callbacks)
        for callback in callbacks:
            callback()

    def _kept(self, those: list[T], one: T) -> Stop:
        with self._lock:
            those.append(one)

        def stop() -> None:
            with self._lock:
                if one in those:
                    those.remove(one)

        return stop

    def _post(self, envelope: Envelope) -> None:
        self.send(envelope.topic, encode(envelope))


class LocalBus(Switchboard):
    """A bus within one process: for tests and for tools that run everything in one. It misses nothing."""

    lost = 0

    def __init__(self, url: str = "local:") -> None:
        super().__init__()

    def send(self, topic: Topic, data: bytes) -> None:
        """Arrives at once, in the sender's thread."""
        self.dispatch(data)

    def close(self) -> None:
        """Nothing to let go of."""
