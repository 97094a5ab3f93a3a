"""`python -m bench.soak`: walkers through the demo for half an hour, and what that leaves in the engine.

Memory and file descriptors are read every minute, the first ten of which it may take to fill its caches; and every
player keeps by how much the sound it was sent is behind the wall clock, at best in each minute.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from backend.geo.position import Position
from bench.beside import running_beside
from bench.listeners import status_of
from bench.peers import BITRATE
from bench.rig import Rig, running_engine
from bench.stroll import demo_walk, stroll
from bench.walkers import Route, walking

BYTES_PER_SECOND = BITRATE * 125
WARM_UP_MINUTES = 10
READ_BYTES = 65_536
RETRY_SECONDS = 2.0


class Follower:
    """Reads one stream; what it lags behind the wall clock is relative to its first byte."""

    def __init__(self) -> None:
        self._received_bytes = 0
        self._began_at = 0.0
        self._least_lag_seconds = float("inf")

    async def follow(self, url: str) -> None:
        """Until cancelled. Raises RuntimeError when the stream ends."""
        reader = await _admitted(url)
        self._began_at = time.time()
        while data := await reader.read(READ_BYTES):
            self._received_bytes += len(data)
            lag = time.time() - self._began_at - self._received_bytes / BYTES_PER_SECOND
            self._least_lag_seconds = min(self._least_lag_seconds, lag)
        raise RuntimeError("the stream ended")

    def take_lag_seconds(self) -> float:
        """The least since it was asked last: what the machine delays is not drift."""
        lag, self._least_lag_seconds = self._least_lag_seconds, float("inf")
        return lag


async def _admitted(url: str) -> asyncio.StreamReader:
    """The stream's sound; an engine that is busy is asked again, as a player does."""
    parts = urlsplit(url)
    while True:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(f"GET {parts.path}?{parts.query} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " in head.split(b"\r\n", 1)[0]:
            return reader
        writer.close()
        await asyncio.sleep(RETRY_SECONDS)


@dataclass(frozen=True, slots=True)
class Minute:
    """What was seen at the end of one."""

    rss_kib: float
    descriptors: int
    threads: int
    lags_seconds: list[float]
    skipped_ticks: int
    machine_load: float


def main() -> None:
    """Print a line a minute, then how far the last is from the tenth."""
    options = _options()
    with (
        running_engine(options.sessions, make_project=demo_walk) as rig,
        following(rig.urls) as followers,
        walking(rig.streams, strolls(len(rig.streams))) as walk,
    ):
        minutes = list(_minutes(rig, followers, options.minutes))
    warm, last = minutes[min(WARM_UP_MINUTES, options.minutes) - 1], minutes[-1]
    drifts = [now - then for now, then in zip(last.lags_seconds, warm.lags_seconds, strict=True)]
    print(
        f"rss_growth_mb={(last.rss_kib - warm.rss_kib) / 1024:.2f} drift_ms={max(map(abs, drifts)) * 1000:.1f} "
        f"skipped_ticks={last.skipped_ticks - warm.skipped_ticks} descriptors={warm.descriptors}->{last.descriptors} "
        f"threads={warm.threads}->{last.threads} moves={walk.moves}"
    )


def strolls(walkers: int) -> Route:
    """A stroll of their own for each; asked second by second."""
    paths: list[Iterator[Position]] = [stroll(seed) for seed in range(walkers)]
    return lambda walker, _: next(paths[walker])


@contextmanager
def following(urls: list[str]) -> Iterator[list[Follower]]:
    """A follower for each of these until the block ends."""
    followers = [Follower() for _ in urls]
    with running_beside(_follow_all(followers, urls)):
        yield followers


async def _follow_all(followers: list[Follower], urls: list[str]) -> None:
    await asyncio.gather(*(one.follow(url) for one, url in zip(followers, urls, strict=True)))


def _minutes(rig: Rig, followers: list[Follower], minutes: int) -> Iterator[Minute]:
    started = time.monotonic()
    for number in count(1):
        time.sleep(max(0.0, started + 60 * number - time.monotonic()))
        seen = _look(rig, followers)
        print(
            f"minute {number}: rss {seen.rss_kib / 1024:.1f} MB, descriptors {seen.descriptors}, lag "
            f"{min(seen.lags_seconds) * 1000:.0f} to {max(seen.lags_seconds) * 1000:.0f} ms, "
            f"skipped ticks {seen.skipped_ticks}, the machine's load {seen.machine_load:.1f}",
            file=sys.stderr,
            flush=True,
        )
        yield seen
        if number == minutes:
            return


def _look(rig: Rig, followers: list[Follower]) -> Minute:
    process = Path(f"/proc/{rig.pid}")
    return Minute(
        rss_kib=rig.rss_kib(),
        descriptors=len(list((process / "fd").iterdir())),
        threads=len(list((process / "task").iterdir())),
        lags_seconds=[one.take_lag_seconds() for one in followers],
        skipped_ticks=int(status_of(rig)["skipped_ticks"]),
        machine_load=os.getloadavg()[0],
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--minutes", type=int, default=30)
    return parser.parse_args()


if __name__ == "__main__":
    main()
