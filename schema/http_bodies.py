"""Bodies of requests as they come in, piece by piece: short ones in memory, long ones in a file."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import ExitStack
from io import BufferedRandom
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings

from schema.http_messages import BadRequest

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

# So much is gathered before a thread writes it: the event loop waits for no disk.
PIECE_BYTES = 1 << 19


class ClientHasGone(Exception):
    """Nobody waits for the answer."""


async def in_memory(receive: Receive, *, most_bytes: int) -> bytes:
    """All of it. Raises BadRequest when it is too long, and ClientHasGone."""
    return b"".join([piece async for piece in _pieces(receive, most_bytes)])


async def in_a_file(receive: Receive, *, most_bytes: int) -> BufferedRandom:
    """All of it, from the start; the file has no name and goes when it is closed. Raises as `in_memory`."""
    with ExitStack() as until_complete:
        file = until_complete.enter_context(TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR))
        gathered = bytearray()
        async for piece in _pieces(receive, most_bytes):
            gathered += piece
            if len(gathered) >= PIECE_BYTES:
                await asyncio.to_thread(file.write, bytes(gathered))
                gathered.clear()
        await asyncio.to_thread(file.write, bytes(gathered))
        file.seek(0)
        until_complete.pop_all()
        return file


async def _pieces(receive: Receive, most_bytes: int) -> AsyncIterator[bytes]:
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientHasGone
        piece: bytes = message.get("body", b"")
        length += len(piece)
        if length > most_bytes:
            raise BadRequest(413, f"The request is longer than {most_bytes} bytes.")
        yield piece
        if not message.get("more_body"):
            return
