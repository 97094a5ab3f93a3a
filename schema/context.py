"""What every resolver knows: who asks, and in which language they read."""

from dataclasses import dataclass, field
from typing import TypeAlias

import strawberry

from backend.resources.viewer import ANONYMOUS, Caller, Viewer
from schema.reading import Reader


@dataclass(slots=True)
class Context:
    """One request, or one operation of a websocket."""

    viewer: Viewer = ANONYMOUS
    reader: Reader = field(default_factory=Reader)
    # The viewer with what has been asked about them, since the rows that are being read were planned.
    caller: Caller = field(default_factory=lambda: Caller.of(ANONYMOUS))
    # Where a client that lost its connection goes on, when it says so beside the operation (SSE).
    last_event_id: str | None = None

    def again(self) -> "Context":
        """For somebody's next operation or event: nothing that was read for this one is remembered."""
        return Context(self.viewer, self.reader.fresh())


Info: TypeAlias = strawberry.Info[Context, None]
