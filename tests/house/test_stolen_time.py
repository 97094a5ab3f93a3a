"""What a machine that others use is not blamed for."""

from typing import Any, Literal

import pytest

from tests.stolen_time import Spent, judged, spent

STAT = "cpu  100 10 50 4000 20 0 5 300 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n"


def report(outcome: Literal["passed", "failed"]) -> pytest.TestReport:
    longrepr: Any = None if outcome == "passed" else "too late"
    return pytest.TestReport("a test", ("a.py", 3, "test"), {}, outcome, longrepr, "call")


def test_what_is_stolen_is_a_share_of_what_the_machine_wanted_to_work():
    assert spent(STAT) == Spent(worked=165, stolen=300)
    assert Spent(worked=265, stolen=400).stolen_since(Spent(worked=165, stolen=300)) == 0.5
    assert Spent(0, 0).stolen_since(Spent(0, 0)) == 0


def test_what_is_red_while_much_was_stolen_is_not_judged():
    skipped = judged(report("failed"), 0.42)
    assert skipped.outcome == "skipped"
    assert skipped.longrepr == (
        "a.py",
        3,
        "Skipped: no promise in seconds can be judged: 42% of the machine's time was given to others",
    )


def test_what_is_red_on_a_machine_that_works_stays_red():
    assert judged(report("failed"), 0.2).outcome == "failed"
    assert judged(report("failed"), 0.2).longrepr == "too late"


def test_what_is_kept_is_kept():
    assert judged(report("passed"), 0.9).outcome == "passed"
