"""Handing over never waits, whatever becomes of what was handed over."""

import logging
import threading
import time

import pytest

from backend.bus import departures as module
from backend.bus.departures import Departures

PATIENCE_SECONDS = 10


class Wire:
    """Takes nothing while it is closed, and refuses while it is cut."""

    def __init__(self):
        self.taken = []
        self.announced = threading.Event()
        self.is_cut = False
        self.begun = threading.Event()
        self.open = threading.Event()
        self.open.set()

    def transmit(self, letter, data):
        self.begun.set()
        assert self.open.wait(PATIENCE_SECONDS)
        if self.is_cut:
            raise OSError("cut")
        self.taken.append((letter, data))

    def announce(self, seconds_ago):
        self.transmit("lost", seconds_ago)
        self.announced.set()


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
def departures(wire):
    return Departures(wire.transmit, announce=wire.announce)


def close(departures):
    departures.close(patience_seconds=PATIENCE_SECONDS)


def test_all_goes_out_in_its_order_and_before_the_end(wire, departures):
    for number in range(100):
        departures.post("c", number)
    close(departures)
    assert wire.taken == [("c", number) for number in range(100)]
    assert departures.lost == 0


def test_handing_over_does_not_wait_for_a_wire_that_takes_nothing(wire, departures):
    wire.open.clear()
    departures.post("c", 1)
    assert wire.begun.wait(PATIENCE_SECONDS)
    departures.post("c", 2)
    assert wire.taken == []
    wire.open.set()
    close(departures)
    assert wire.taken == [("c", 1), ("c", 2)]


def test_what_has_waited_too_long_is_lost_and_that_is_announced_first(wire, departures, monkeypatch):
    wire.open.clear()
    departures.post("c", "on its way")
    assert wire.begun.wait(PATIENCE_SECONDS)
    departures.post("c", "stale")
    monkeypatch.setattr(module, "MOST_SECONDS", 0.0)
    wire.open.set()
    assert wire.announced.wait(PATIENCE_SECONDS)
    monkeypatch.undo()
    departures.post("c", "fresh")
    close(departures)
    assert [data for letter, data in wire.taken if letter == "c"] == ["on its way", "fresh"]
    assert [letter for letter, _ in wire.taken] == ["c", "lost", "c"]
    assert departures.lost == 1


def test_too_much_is_lost_at_once(wire, monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    departures = Departures(wire.transmit, announce=wire.announce)
    wire.open.clear()
    departures.post("c", 0)
    assert wire.begun.wait(PATIENCE_SECONDS)
    for number in (1, 2, 3):
        departures.post("c", number)
    assert departures.lost == 1
    wire.open.set()
    close(departures)
    assert [data for letter, data in wire.taken if letter == "c"] == [0, 1, 2]


def test_a_loss_is_announced_though_nothing_more_is_to_be_sent(wire, departures, caplog):
    wire.is_cut = True
    before = time.monotonic()
    departures.post("c", "lost")
    departures.post("c", "lost, too")
    while departures.lost < 2:
        assert time.monotonic() < before + PATIENCE_SECONDS
    wire.is_cut = False
    assert wire.announced.wait(PATIENCE_SECONDS)
    close(departures)
    ((_, seconds_ago),) = wire.taken
    assert 0 <= seconds_ago <= time.monotonic() - before
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "The bus loses messages: cut",
        "The bus takes messages again; 2 have been lost since the start.",
    ]
