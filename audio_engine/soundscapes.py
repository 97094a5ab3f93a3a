"""The projects in use: each is read once, and again when it was edited."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection

from audio_engine.soundscape import Soundscape
from backend.ids import ProjectId

Read = Callable[[ProjectId], Awaitable[Soundscape | None]]


class Soundscapes:
    """Lives in the engine's event loop; nothing is read twice at once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: dict[ProjectId, Soundscape] = {}
        self._stale: set[ProjectId] = set()
        self._locks: defaultdict[ProjectId, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, project_id: ProjectId) -> Soundscape | None:
        """The project as it was read last; None when there is no such project."""
        async with self._locks[project_id]:
            if project_id not in self._known:
                await self._reread(project_id)
            return self._known.get(project_id)

    @property
    def project_ids(self) -> list[ProjectId]:
        """The projects in use."""
        return list(self._known)

    def is_current(self, soundscape: Soundscape) -> bool:
        """Whether its project has not been read again since."""
        return self._known.get(soundscape.project_id) is soundscape

    def known(self, project_id: ProjectId) -> Soundscape:
        """The same of a project that is in use."""
        return self._known[project_id]

    def spoil(self, project_id: ProjectId) -> bool:
        """Whether it must be read again: not for one that nobody uses, nor when that is about to happen."""
        if project_id not in self._known or project_id in self._stale:
            return False
        self._stale.add(project_id)
        return True

    async def reread(self, project_id: ProjectId) -> Soundscape | None:
        """The project as it is now; None when it is gone, and stays with those who use it as it was."""
        async with self._locks[project_id]:
            self._stale.discard(project_id)
            return await self._reread(project_id)

    def keep_only(self, used: Collection[ProjectId]) -> None:
        """Forget all others."""
        for project_id in self._known.keys() - set(used):
            del self._known[project_id]
            del self._locks[project_id]

    async def _reread(self, project_id: ProjectId) -> Soundscape | None:
        found = await self._read(project_id)
        if found is not None:
            self._known[project_id] = found
        return found
