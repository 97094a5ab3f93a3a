"""Model players in a process of their own: `python -m bench.players SECONDS BITRATE < urls`, one JSON line out.

A model player starts when two seconds of audio have arrived, then consumes at the bit rate. It counts an underrun each
time it has to wait for bytes, and keeps the longest time between two arrivals.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

START_AFTER_SECONDS = 2.0
READ_BYTES = 65_536
# What the engine's Retry-After says.
RETRY_SECONDS = 5.0


@dataclass(slots=True)
class Playing:
    """What one player lived through."""

    underruns: int = 0
    received_bytes: int = 0
    longest_gap_seconds: float = 0.0
    first_byte_seconds: float = 0.0
    refusals: int = 0


class ModelPlayer:
    """The buffer arithmetic of a player, fed with arrivals."""

    def __init__(self, bytes_per_second: float) -> None:
        self._rate = bytes_per_second
        self._started_at: float | None = None
        self._is_starved = False
        self.playing = Playing()

    def arrive(self, size: int, now: float) -> None:
        """`size` bytes have come at `now` (seconds on any steady clock)."""
        self.check(now)
        self.playing.received_bytes += size
        if self._started_at is None and self.playing.received_bytes >= START_AFTER_SECONDS * self._rate:
            self._started_at = now
        if self._is_starved:
            # A real player's clock stops while it waits.
            self._started_at = now - (self.playing.received_bytes - size) / self._rate
            self._is_starved = False

    def check(self, now: float) -> None:
        """Count an underrun when the buffer has run dry by `now`."""
        if self._started_at is None or self._is_starved:
            return
        if (now - self._started_at) * self._rate > self.playing.received_bytes:
            self.playing.underruns += 1
            self._is_starved = True


async def play(url: str, seconds: float, bytes_per_second: float) -> Playing:
    """Listen to one stream for so long; who is told to come again does so."""
    player, until = ModelPlayer(bytes_per_second), time.monotonic() + seconds
    while True:
        opened = time.monotonic()
        reader, writer, head = await _asked(url)
        if b" 200 " in head.split(b"\r\n", 1)[0]:
            break
        writer.close()
        if b"Retry-After: " not in head:
            raise RuntimeError(head.decode())
        player.playing.refusals += 1
        if opened + RETRY_SECONDS >= until:
            return player.playing
        await asyncio.sleep(RETRY_SECONDS)
    await _read(reader, player, opened, until)
    writer.close()
    return player.playing


async def _asked(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=1 << 20)
    writer.write(f"GET {parts.path}?{parts.query} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode())
    return reader, writer, await reader.readuntil(b"\r\n\r\n")


async def _read(reader: asyncio.StreamReader, player: ModelPlayer, opened: float, until: float) -> None:
    last = opened
    while (now := time.monotonic()) < until:
        try:
            data = await asyncio.wait_for(reader.read(READ_BYTES), until - now)
        except TimeoutError:
            break
        now = time.monotonic()
        if not data:
            raise RuntimeError("the stream ended")
        if player.playing.received_bytes == 0:
            player.playing.first_byte_seconds = now - opened
        else:
            player.playing.longest_gap_seconds = max(player.playing.longest_gap_seconds, now - last)
        last = now
        player.arrive(len(data), now)
    player.check(time.monotonic())


async def play_all(urls: list[str], seconds: float, bitrate_kbps: int) -> list[Playing]:
    """Listen to all of them at once."""
    return await asyncio.gather(*(play(url, seconds, bitrate_kbps * 125) for url in urls))


if __name__ == "__main__":
    heard = asyncio.run(play_all(sys.stdin.read().split(), float(sys.argv[1]), int(sys.argv[2])))
    print(json.dumps([asdict(one) for one in heard]))
