"""A feed as a subscription's resolver gives it: the sockets let a room tell it; whoever else iterates over it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

from realtime.following import Following
from realtime.happening import Happening
from realtime.news import Refused
from schema.event_types import shown

Show = Callable[[Happening], Any]


class Followed(AsyncIterator[Any]):
    """Gives root values of the subscription's field, made of what happens by `show`."""

    def __init__(self, following: Following, show: Show = shown) -> None:
        self.following = following
        self._show = show
        self._values: AsyncGenerator[Any, None] | None = None

    async def __anext__(self) -> Any:
        if self._values is None:
            self._values = self._shown()
        return await anext(self._values)

    def show(self, happening: Happening) -> Any:
        """The root value that tells it. Raises why nothing more is told, when that is what happened."""
        if isinstance(happening.event, Refused):
            raise happening.event.error
        return self._show(happening)

    async def aclose(self) -> None:
        """Follow it no more."""
        if self._values is not None:
            await self._values.aclose()

    async def _shown(self) -> AsyncGenerator[Any, None]:
        async with aclosing(self.following.happenings()) as happenings:
            async for happening in happenings:
                yield self.show(happening)
