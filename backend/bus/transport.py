"""How messages reach the other processes: one promise, and what its fulfilments share."""

import logging
import threading
import uuid
from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import Protocol

from backend.bus.codec import Envelope, Message, Topic, UnknownMessage, decode, encode
from backend.bus.commands import Command
from backend.bus.cursor import Stamp
from backend.bus.replies import Reply
from backend.errors import EngineUnavailable

log = logging.getLogger(__name__)

Hear = Callable[[Envelope], object]
Stop = Callable[[], None]


class Bus(Protocol):
    """Fire and forget between processes, from any thread."""

    def publish(self, message: Message, stamp: Stamp | None = None) -> None:
        """Send to whoever listens. Never raises: what cannot be sent is logged and lost."""

    def ask(self, command: Command, *, deadline_seconds: float) -> Reply:
        """Send a question and wait for its reply. Raises EngineUnavailable after the deadline."""

    def answer(self, question: Envelope, reply: Reply) -> None:
        """Reply to a question that was heard."""

    def listen(self, topics: Collection[Topic], hear: Hear) -> Stop:
        """Call `hear` for every message of these topics, in a thread of the bus; it must not wait."""

    def close(self) -> None:
        """Let go of connections and threads."""


class Switchboard:
    """What every fulfilment of Bus shares: who listens, and which questions are open."""

    def __init__(self) -> None:
        self._ears: list[tuple[frozenset[Topic], Hear]] = []
        self._questions: dict[str, Future[Reply]] = {}
        self._lock = threading.Lock()

    def send(self, topic: Topic, data: bytes) -> None:
        """Hand bytes to the other processes; the fulfilment's own part. May raise OSError."""
        raise NotImplementedError

    def start_hearing(self, topics: frozenset[Topic]) -> None:
        """Make sure that messages of these topics arrive; the fulfilment's own part."""

    def publish(self, message: Message, stamp: Stamp | None = None) -> None:
        """See Bus."""
        self._post(Envelope(message, stamp=stamp))

    def answer(self, question: Envelope, reply: Reply) -> None:
        """See Bus."""
        self._post(Envelope(reply, question.question))

    def ask(self, command: Command, *, deadline_seconds: float) -> Reply:
        """See Bus."""
        question, future = uuid.uuid4().hex, Future[Reply]()
        with self._lock:
            self._questions[question] = future
        try:
            self.start_hearing(frozenset({Topic.REPLIES}))
            self._post(Envelope(command, question))
            return future.result(deadline_seconds)
        except TimeoutError:
            raise EngineUnavailable("The audio engine did not answer in time; try again.") from None
        finally:
            with self._lock:
                del self._questions[question]

    def listen(self, topics: Collection[Topic], hear: Hear) -> Stop:
        """See Bus."""
        ear = (frozenset(topics), hear)
        with self._lock:
            self._ears.append(ear)
        self.start_hearing(ear[0])

        def stop() -> None:
            with self._lock:
                if ear in self._ears:
                    self._ears.remove(ear)

        return stop

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

    def _post(self, envelope: Envelope) -> None:
        try:
            self.send(envelope.topic, encode(envelope))
        except (FileNotFoundError, ConnectionRefusedError):
            # No hub runs, as when a command fills the database: whoever starts later reads what is stored.
            log.debug("Nobody is there to hear %s.", type(envelope.message).__name__)
        except OSError as error:
            log.warning("The bus lost %s: %s", type(envelope.message).__name__, error)


class LocalBus(Switchboard):
    """A bus within one process: for tests and for tools that run everything in one."""

    def __init__(self, url: str = "local:") -> None:
        super().__init__()

    def send(self, topic: Topic, data: bytes) -> None:
        """Arrives at once, in the sender's thread."""
        self.dispatch(data)

    def close(self) -> None:
        """Nothing to let go of."""
