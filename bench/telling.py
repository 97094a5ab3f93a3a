"""Servers that tell their subscribers of events, and how soon each of them knows. Used by the benchmarks."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from bench.contest import cpu_seconds
from bench.subscribers import Arrivals, Subscribers, Wanted

IDLE_SECONDS = 4.0
ARRIVE_WITHIN_SECONDS = 10.0


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


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server with all of its subscribers; `idle` is the CPU that it takes when nothing happens, seconds a second."""

    teller: Teller
    subscribers: Subscribers
    count: int
    idle: float


def contestant(teller: Teller, wanted: Wanted) -> Contestant:
    subscribers, count = Subscribers(wanted), len(wanted.tokens)
    subscribed(teller, subscribers, count)
    before = cpu_seconds(teller.pid)
    time.sleep(IDLE_SECONDS)
    return Contestant(teller, subscribers, count, (cpu_seconds(teller.pid) - before) / IDLE_SECONDS)


def subscribed(teller: Teller, subscribers: Subscribers, count: int) -> Arrivals:
    """Tells until all hear it: who is connected need not have subscribed yet."""
    deadline = time.monotonic() + ARRIVE_WITHIN_SECONDS
    while time.monotonic() < deadline:
        number, _ = teller.tell()
        time.sleep(0.5)
        arrivals = subscribers.take()
        if len(set(arrivals.subscribers[arrivals.numbers == number])) == count:
            return arrivals
    raise RuntimeError("not all subscribers hear")


def told(contestant: Contestant, seconds: float, rate: float) -> Round:
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


def median(rounds: Sequence[Round]) -> Round:
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
