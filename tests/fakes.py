"""Stand-ins for what a test must hold in its hand: the bus here; the clock stands beside its room."""

from backend.bus.codec import Message, Topic
from backend.bus.transport import LocalBus


class RecordingBus(LocalBus):
    """A bus within the process that remembers what was published."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Message] = []
        self.listen([Topic.COMMANDS, Topic.CHANGES, Topic.EVENTS], lambda envelope: self.sent.append(envelope.message))

    def sent_of(self, kind: type) -> list[Message]:
        """What was published of one kind, oldest first."""
        return [message for message in self.sent if isinstance(message, kind)]
