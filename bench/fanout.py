"""`python -m bench.fanout`: what it costs to tell 500 subscribers of an event, and how soon they know.

Ours is the real gateway: events are recorded by another process, and go over the bus, through the log's order, one
rendering a class of viewers, and out by graphql-transport-ws. Its peers send the same bytes and do nothing else:
`websockets.broadcast` on asyncio (raw), and a bare ASGI application on Daphne. They take turns. A delivery's time is
from the commit of the event's transaction (of the peers: from the beginning of the broadcast) until it is received.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bench.contest import cpu_seconds, gateway_environment, process
from bench.fanout_peers import Peer, daphne, raw, running_peer
from bench.rig import LATITUDE, LONGITUDE, hub_beside
from bench.subscribers import CURSOR, EPOCH_BYTES, Arrivals, Subscribers, Wanted

# Each user is a class of viewers of its own, with so many sockets; the other subscribers are nobody known.
SOCKETS_EACH = 5
FEW = 20
IDLE_SECONDS = 4.0
ARRIVE_WITHIN_SECONDS = 10.0
ASSETS = 50


class Teller(Protocol):
    """What makes a server tell all of its subscribers something."""

    pid: int

    def tell(self) -> tuple[int, float]:
        """The event's number, and the monotonic time of its beginning."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one server did in one stretch of time."""

    cpu_us: float
    p50_ms: float
    p99_ms: float
    delivered: float


class Gateway:
    """Ours: every event is a change of a public asset, recorded in the log of a project."""

    def __init__(self, pid: int, url: str, users: int) -> None:
        self.pid = pid
        self.url = url
        self.project, self._assets = _make_project()
        self.tokens = [token for token in _make_users(users) for _ in range(SOCKETS_EACH)]
        self._number = _head(self.project)

    def tell(self) -> tuple[int, float]:
        """See Teller."""
        from django.db import transaction

        from backend.bus.events import AssetChanged
        from backend.journal.actions import record

        times: list[float] = []
        asset = self._assets[self._number % len(self._assets)]
        with transaction.atomic():
            # Before the event's own, which publishes it.
            transaction.on_commit(lambda: times.append(time.monotonic()))
            record(AssetChanged(self.project, asset, was_public=True, is_public=True))
        self._number += 1
        return self._number, times[0]

    def wanted(self, subscribers: int) -> Wanted:
        """So many, of several classes."""
        from schema.ids import global_id

        known = self.tokens[: subscribers // 2]
        tokens = [*known, *[None] * (subscribers - len(known))]
        return Wanted(self.url, global_id("Project", self.project), tokens)


class Broadcast:
    """A peer: it sends what a subscriber of ours received, with another number."""

    def __init__(self, peer: Peer, sample: bytes) -> None:
        self.pid = peer.pid
        self._peer = peer
        digits = sample.index(CURSOR) + len(CURSOR) + EPOCH_BYTES
        self._before, self._after = sample[:digits], sample[sample.index(b'"', digits) :]
        self._number = 0

    def tell(self) -> tuple[int, float]:
        """See Teller."""
        self._number += 1
        return self._number, self._peer.tell(b"%b%d%b" % (self._before, self._number, self._after))


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server with all of its subscribers; `idle` is the CPU that it takes when nothing happens, seconds a second."""

    teller: Teller
    subscribers: Subscribers
    count: int
    idle: float


def main() -> None:
    """Print every server's medians, and the ratios."""
    options = _options()
    with _gateway(options.users) as gateway, ExitStack() as peers:
        contestants, rss_kib, message = _contestants(gateway, options.subscribers, peers)
        stretch = options.seconds / options.rounds
        rounds = [
            {name: _told(each, stretch, options.rate) for name, each in contestants.items()}
            for _ in range(options.rounds)
        ]
    medians = {name: _median([each[name] for each in rounds]) for name in contestants}
    for name, found in medians.items():
        p99s = [round(each[name].p99_ms) for each in rounds]
        print(
            f"{name:8} {found.cpu_us:6.1f} us CPU a delivery   p50 {found.p50_ms:5.1f} ms   p99 {found.p99_ms:5.1f} ms"
            f" {p99s}   delivered {found.delivered:.2%}"
        )
    print(
        f"subscribers={options.subscribers} classes={1 + options.users} events_per_second={options.rate}"
        f" seconds={options.seconds:g} message_bytes={message} rss_per_idle_subscriber_kib={rss_kib:.0f}"
    )
    ours, alone = medians["ours"], medians["raw"]
    print(
        f"fanout_cpu_vs_raw={ours.cpu_us / alone.cpu_us:.2f} fanout_p99_vs_raw={ours.p99_ms / alone.p99_ms:.2f}"
        f" delivered={min(each['ours'].delivered for each in rounds):.2%}"
    )


def _contestants(gateway: Gateway, subscribers: int, peers: ExitStack) -> tuple[dict[str, Contestant], float, int]:
    few = Subscribers(gateway.wanted(FEW))
    sample = _subscribed(gateway, few, FEW).sample
    few.leave()
    before = rss_kib(gateway.pid)
    many = _contestant(gateway, gateway.wanted(subscribers))
    rss = (rss_kib(gateway.pid) - before) / subscribers
    found = {}
    for serve in (raw, daphne):
        peer = peers.enter_context(running_peer(serve))
        found[serve.__name__] = _contestant(Broadcast(peer, sample), Wanted(peer.url, "", [None] * subscribers))
    return {**found, "ours": many}, rss, len(sample)


def _contestant(teller: Teller, wanted: Wanted) -> Contestant:
    subscribers, count = Subscribers(wanted), len(wanted.tokens)
    _subscribed(teller, subscribers, count)
    before = cpu_seconds(teller.pid)
    time.sleep(IDLE_SECONDS)
    return Contestant(teller, subscribers, count, (cpu_seconds(teller.pid) - before) / IDLE_SECONDS)


def _subscribed(teller: Teller, subscribers: Subscribers, count: int) -> Arrivals:
    """Tells until all hear it: who is connected need not have subscribed yet."""
    deadline = time.monotonic() + ARRIVE_WITHIN_SECONDS
    while time.monotonic() < deadline:
        number, _ = teller.tell()
        time.sleep(0.5)
        arrivals = subscribers.take()
        if len(set(arrivals.subscribers[arrivals.numbers == number])) == count:
            return arrivals
    raise RuntimeError("not all subscribers hear")


def _told(contestant: Contestant, seconds: float, rate: float) -> Round:
    teller, subscribers = contestant.teller, contestant.subscribers
    subscribers.take()
    used, began_at = cpu_seconds(teller.pid), time.monotonic()
    begun: dict[int, float] = {}
    for tick in range(round(seconds * rate)):
        time.sleep(max(0.0, began_at + tick / rate - time.monotonic()))
        number, at = teller.tell()
        begun[number] = at
    expected = len(begun) * contestant.count
    _wait_for(subscribers, expected)
    used = cpu_seconds(teller.pid) - used - contestant.idle * (time.monotonic() - began_at)
    return _round(begun, subscribers.take(), expected, used)


def _wait_for(subscribers: Subscribers, expected: int) -> None:
    deadline = time.monotonic() + ARRIVE_WITHIN_SECONDS
    while subscribers.count() < expected and time.monotonic() < deadline:
        time.sleep(0.1)


def _round(begun: dict[int, float], arrivals: Arrivals, expected: int, used_seconds: float) -> Round:
    first = min(begun)
    times = np.array([begun[number] for number in sorted(begun)])
    latencies = (arrivals.times - times[arrivals.numbers - first]) * 1000
    distinct = len(set(zip(arrivals.numbers.tolist(), arrivals.subscribers.tolist(), strict=True)))
    return Round(
        cpu_us=used_seconds / max(1, len(latencies)) * 1e6,
        p50_ms=float(np.percentile(latencies, 50)),
        p99_ms=float(np.percentile(latencies, 99)),
        # Twice is as wrong as not at all.
        delivered=(2 * distinct - len(latencies)) / expected,
    )


def _median(rounds: Sequence[Round]) -> Round:
    def of(part: Callable[[Round], float]) -> float:
        return statistics.median(map(part, rounds))

    return Round(
        of(lambda each: each.cpu_us),
        of(lambda each: each.p50_ms),
        of(lambda each: each.p99_ms),
        of(lambda each: each.delivered),
    )


def rss_kib(pid: int) -> float:
    """What a process holds in memory of its own."""
    fields = Path(f"/proc/{pid}/status").read_text().split("RssAnon:")[1].split()
    return float(fields[0])


@contextmanager
def _gateway(users: int) -> Iterator[Gateway]:
    with gateway_environment() as (directory, port):
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        url = f"http://127.0.0.1:{port}/"
        with hub_beside(directory / "bus.sock"), process(["manage.py", "run_gateway"], url) as pid:
            yield Gateway(pid, f"ws://127.0.0.1:{port}/graphql/", users)


def _make_project() -> tuple[Any, list[Any]]:
    from backend.assets.models import Asset
    from backend.projects.models import Language, Project

    project = Project.objects.create(name="Bench", latitude=LATITUDE, longitude=LONGITUDE)
    project.languages.add(Language.objects.get(pk=1))
    assets = [
        Asset.objects.create(
            project=project,
            description=f"What the harbour sounds like at {number:02} o'clock",
            submitted=True,
            latitude=LATITUDE,
            longitude=LONGITUDE,
        )
        for number in range(ASSETS)
    ]
    return project.pk, [asset.pk for asset in assets]


def _head(project: Any) -> int:
    from backend.journal.queries import head

    return head(project).sequence


def _make_users(count: int) -> list[str]:
    from backend.accounts.actions import issue_token
    from backend.accounts.models import User

    return [issue_token(User.objects.create(username=f"viewer {number}")) for number in range(count)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=500)
    parser.add_argument("--rate", type=float, default=20.0, help="events a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="for each server, all rounds together")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--users", type=int, default=4, help=f"who are known, each with {SOCKETS_EACH} of the sockets")
    return parser.parse_args()


if __name__ == "__main__":
    main()
