"""What leaves the beat never holds it up, and nothing is lost that can be delivered."""

import threading

from audio_engine.outbox import Outbox

PATIENCE_SECONDS = 5


def test_items_are_delivered_in_their_order():
    delivered = []
    outbox = Outbox("test", delivered.append)
    for number in range(1, 100):
        outbox.post(number)
    outbox.close(patience_seconds=PATIENCE_SECONDS)
    assert delivered == list(range(1, 100))


def test_a_full_outbox_loses_the_newest_and_counts_it():
    started, go_on, delivered = threading.Event(), threading.Event(), []

    def slow(item):
        started.set()
        go_on.wait(PATIENCE_SECONDS)
        delivered.append(item)

    outbox = Outbox("test", slow, limit=2)
    outbox.post("first")
    started.wait(PATIENCE_SECONDS)
    for item in ("second", "third", "fourth", "fifth"):
        outbox.post(item)
    go_on.set()
    outbox.close(patience_seconds=PATIENCE_SECONDS)
    assert delivered == ["first", "second", "third"]
    assert outbox.lost == 2


def test_the_other_side_may_be_away_for_a_while():
    delivered, failures = [], [ConnectionError("away"), ConnectionError("away")]

    def flaky(item):
        if failures:
            raise failures.pop()
        delivered.append(item)

    outbox = Outbox("test", flaky, passing=(ConnectionError,), retry_seconds=0)
    outbox.post("only")
    outbox.close(patience_seconds=PATIENCE_SECONDS)
    assert delivered == ["only"]
    assert outbox.lost == 0


def test_an_item_that_cannot_be_delivered_holds_up_no_other():
    delivered = []

    def picky(item):
        if item == "bad":
            raise ValueError(item)
        delivered.append(item)

    outbox = Outbox("test", picky)
    for item in ("good", "bad", "better"):
        outbox.post(item)
    outbox.close(patience_seconds=PATIENCE_SECONDS)
    assert delivered == ["good", "better"]
    assert outbox.lost == 1
