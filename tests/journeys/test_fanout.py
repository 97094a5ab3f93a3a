"""What is told to many at once: everyone gets all of it, or knows exactly how much not."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.journeys.conftest import DemoServer
from tests.journeys.followers import Follower, number_of, subscribed
from tests.journeys.log_writer import LogWriter

READERS = 20
BURST = 400
# More than the gateway's limit and all that the kernel keeps for a loopback connection, which is some 6 MB.
LONG = 32_000


def address(server: DemoServer) -> str:
    return server.url.replace("http", "ws") + "/graphql/"


def later(cursor: str, events: int) -> str:
    """The cursor so many events on."""
    epoch, _, number = cursor.partition(".")
    return f"{epoch}.{int(number) + events}"


def rss_kib(pid: int) -> int:
    """What the process holds in memory of its own."""
    return int(Path(f"/proc/{pid}/status").read_text().split("RssAnon:")[1].split()[0])


async def resynced(follower: Follower, upto: str) -> list[int]:
    """All that it knows of after it has asked again for what it has missed."""
    numbers = list(follower.numbers)
    for missed, resync in follower.lags:
        assert missed and resync
        again = Follower(follower.url, follower.project, resync)
        await again.follow(later(resync, missed))
        assert again.lags == []
        numbers += again.numbers[:missed]
    return sorted(numbers)


@pytest.mark.parametrize("characters", [20, LONG])
async def test_of_a_burst_everyone_gets_all_or_is_told_how_much_not(demo_server: DemoServer, characters: int) -> None:
    url, secret_key = address(demo_server), (demo_server.data / "secret_key").read_text().strip()
    with LogWriter(demo_server.data, secret_key) as writer:
        project, begin = writer.make_project(characters=characters)
        first, end = later(begin, 1), later(begin, 1 + BURST)
        readers = [Follower(url, project, begin) for _ in range(READERS)]
        sleeper = Follower(url, project, begin)
        async with AsyncExitStack() as sockets:
            wires = [await sockets.enter_async_context(subscribed(url, project, begin)) for _ in readers]
            unread = await sockets.enter_async_context(subscribed(url, project, begin, receive_buffer=4_096))
            pairs = list(zip(readers, wires, strict=True))
            writer.record(1)
            await asyncio.gather(sleeper.read(unread, first), *(one.read(wire, first) for one, wire in pairs))
            writer.record(BURST, together=BURST)
            await asyncio.gather(*(one.read(wire, end) for one, wire in pairs))
            await sleeper.read(unread, end)
        window = list(range(number_of(begin) + 1, number_of(end) + 1))
        assert [len(one.numbers) + one.missed for one in [*readers, sleeper]] == [1 + BURST] * (READERS + 1)
        assert await resynced(sleeper, end) == window
        for reader in readers:
            assert await resynced(reader, end) == window
        if characters == LONG:
            assert len(sleeper.lags) == 1
        else:
            assert [one.numbers for one in readers] == [window] * READERS
