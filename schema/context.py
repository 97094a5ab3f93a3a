"""What every resolver knows: who asks, and in which language they read."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import strawberry

from backend.resources.viewer import ANONYMOUS, Caller, Viewer
from schema.reading import Reader


@dataclass(slots=True)
class Context:
    """One request, or one websocket connection."""

    viewer: Viewer = ANONYMOUS
    reader: Reader = field(default_factory=Reader)
    # The viewer with what has been asked about them, since the rows that are being read were planned.
    caller: Caller = field(default_factory=lambda: Caller.of(ANONYMOUS))
    # Set by Strawberry's websocket handler: the payload of connection_init.
    connection_params: dict[str, Any] | None = None


Info: TypeAlias = strawberry.Info[Context, None]
