"""A pytest plugin: a promise in seconds cannot be judged while others are given most of the machine's time.

A virtual machine is told how much of the time that it wanted to work it did not get. What is red for that alone, after
all tries, is reported as skipped with the share; what is red on a machine that works stays red.
"""

from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.patience import RERUNS, WALL_CLOCK

MOST_STOLEN = 0.2


class Spent(NamedTuple):
    """Since the machine has begun, in ticks: what it worked, and what it was not given to work."""

    worked: int
    stolen: int

    def stolen_since(self, before: "Spent") -> float:
        """The share of what was wanted since then."""
        worked, stolen = self.worked - before.worked, self.stolen - before.stolen
        return stolen / max(1, worked + stolen)


SPENT = pytest.StashKey[Spent]()


def spent(stat: str) -> Spent:
    """What Linux's /proc/stat says, by its first line."""
    user, nice, system, _idle, _waiting, interrupts, soft_interrupts, stolen = map(int, stat.split()[1:9])
    return Spent(user + nice + system + interrupts + soft_interrupts, stolen)


def _now() -> Spent:
    stat = Path("/proc/stat")
    return spent(stat.read_text()) if stat.exists() else Spent(0, 0)


def judged(report: pytest.TestReport, share: float) -> pytest.TestReport:
    """What was red while more than a fifth of the time was stolen is not judged."""
    if report.failed and share > MOST_STOLEN:
        report.outcome = "skipped"
        reason = f"Skipped: no promise in seconds can be judged: {share:.0%} of the machine's time was given to others"
        report.longrepr = (report.location[0], report.location[1] or 0, reason)
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each try begins here."""
    item.stash[SPENT] = _now()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The last of all tries decides."""
    report = yield
    is_last = getattr(item, "execution_count", 0) > RERUNS
    if call.when == "call" and is_last and item.get_closest_marker(WALL_CLOCK) is not None:
        return judged(report, _now().stolen_since(item.stash[SPENT]))
    return report
