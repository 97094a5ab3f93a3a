"""What leaves the beat never holds it up, and nothing is lost that can be delivered."""

import threading

from audio_engine.outbox import Outbox

PATIENCE_SECONDS = 5


def test_items_are_delivered_in_their_order():
    delivered = []
    outbox = Outbox("test", delivered.extend)
    for number in range(1, 100):
        outbox.post(number)
    outbox.close(patience_seconds=PATIENCE_SECONDS)
    assert delivered == list(range(1, 100))


def test_a_full_outbox_loses_the_newest_and_counts_it():
    started, go_on, delivered = threading.Event(), threading.Event(), []

    def slow(items):
        started.set()
        go_on.wait(PATIENCE_SECONDS)
        delivered.extend(items)

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

    def flaky(items):
        if failures:
            raise failures.pop()
        delivered.extend(items)

    outbox = Outbox("test", flaky, passing=(ConnectionError,), retry_seconds=0)
    outbox.post("only")
    outbox.close(patience_seconds=PATIENCE_SECONDS)
    assert delivered == ["only"]
    assert outbox.lost == 0


def test_an_item_that_cannot_be_delivered_holds_up_no_other():
    delivered = []

    def picky(items):
        if "bad" in items:
            raise ValueError(items)
        delivered.extend(items)

    outbox = Outbox("test", picky)
    for item in ("good", "bad", "better"):
        outbox.post(item)
    outbox.close(patience_seconds=PATIENCE_SECONDS)
    assert delivered == ["good", "better"]
    assert outbox.lost == 1


def test_what_waits_is_delivered_together_up_to_a_number():
    started, go_on, delivered = threading.Event(), threading.Event(), []

    def slow(items):
        started.set()
        go_on.wait(PATIENCE_SECONDS)
        delivered.append(list(items))

    outbox = Outbox("test", slow, most_at_once=3)
    outbox.post(1)
    started.wait(PATIENCE_SECONDS)
    for number in range(2, 7):
        outbox.post(number)
    go_on.set()
    outbox.close(patience_seconds=PATIENCE_SECONDS)
    assert delivered == [[1], [2, 3, 4], [5, 6]]


def test_what_is_given_up_is_counted_and_holds_up_no_other():
    delivered = []

    def gone(items):
        if "lost" in items:
            raise ConnectionError("gone")
        delivered.extend(items)

    outbox = Outbox("test", gone, passing=(ConnectionError,), tries=3, retry_seconds=0)
    for item in ("lost", "found"):
        outbox.post(item)
    outbox.close(patience_seconds=PATIENCE_SECONDS)
    assert (delivered, outbox.lost) == (["found"], 1)
