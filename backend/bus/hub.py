"""The embedded default's switch: a Unix socket that copies every frame to the clients that want its topic.

A frame is a 4-byte big-endian length, then one letter (a Topic, or SUBSCRIBE), then the payload.
The payload of SUBSCRIBE is the letters of all topics that the client wants from now on; the hub says it back.
"""

import asyncio
import contextlib
import logging
import struct
from pathlib import Path

log = logging.getLogger(__name__)

HEADER = struct.Struct(">IB")
SUBSCRIBE = ord("s")
MAX_FRAME_BYTES = 4 * 1024 * 1024
# A client that has this much unread has stopped: it is cut off, and connects again when it lives.
MAX_UNREAD_BYTES = 8 * 1024 * 1024


def frame(letter: int, payload: bytes) -> bytes:
    """The bytes of one frame."""
    return HEADER.pack(len(payload) + 1, letter) + payload


class Hub:
    """Knows who wants what, and copies."""

    def __init__(self) -> None:
        self._wants: dict[asyncio.StreamWriter, bytes] = {}

    async def serve(self, path: Path) -> asyncio.Server:
        """Listen on `path` (replacing what a dead hub left there), for this user only."""
        path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._client, path)
        path.chmod(0o600)
        return server

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._wants[writer] = b""
        try:
            while True:
                self._take(writer, *await _read_frame(reader))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            del self._wants[writer]
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def _take(self, sender: asyncio.StreamWriter, letter: int, payload: bytes) -> None:
        if letter == SUBSCRIBE:
            self._wants[sender] = payload
            _write(sender, frame(SUBSCRIBE, payload))
            return
        data = frame(letter, payload)
        for writer, wanted in list(self._wants.items()):
            if letter in wanted:
                _write(writer, data)


def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    if writer.transport.get_write_buffer_size() > MAX_UNREAD_BYTES:
        log.warning("A client of the bus stopped reading and is cut off.")
        writer.transport.abort()
        return
    writer.write(data)


async def _read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    length, letter = HEADER.unpack(await reader.readexactly(HEADER.size))
    if not 1 <= length <= MAX_FRAME_BYTES:
        raise ConnectionError("a frame out of bounds")
    return letter, await reader.readexactly(length - 1)
