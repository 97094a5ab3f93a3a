"""What was rendered of the past: those who come back together are told the same, made once."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic

from realtime.happening import Happening
from realtime.membership import Payload
from realtime.showing import IsPersonal, Shown

# As the one who comes after is a page behind the first.
MOST_KEPT = 200
# Things may be otherwise later.
FRESH_SECONDS = 2.0


class Renderings(Generic[Payload]):
    """Belongs to one event loop."""

    def __init__(self, render: Callable[[Shown], Awaitable[Payload]], is_personal: IsPersonal) -> None:
        self._render = render
        self._is_personal = is_personal
        self._kept: OrderedDict[Hashable, tuple[float, asyncio.Future[Payload]]] = OrderedDict()

    async def payload(self, shown: Shown) -> Payload:
        """Rendered now, a moment ago, or by whoever is about to."""
        now = asyncio.get_running_loop().time()
        key = _key(shown.happening), shown.viewer.id if self._is_personal(shown.happening) else None
        began_at, rendering = self._kept.get(key, (0.0, None))
        if rendering is None or now - began_at > FRESH_SECONDS:
            rendering = asyncio.ensure_future(self._render(shown))
            self._kept[key] = now, rendering
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        # One who leaves must not take it from the others.
        return await asyncio.shield(rendering)

    def forget(self) -> None:
        """Nobody is told the past any more."""
        self._kept.clear()


def _key(happening: Happening) -> Hashable:
    # The serial is that of whoever joined.
    return happening.event, happening.cursor, happening.at
