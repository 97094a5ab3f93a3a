"""A subscriber gets all in order, or is told how much it does not get."""

from datetime import UTC, datetime

from backend.bus.cursor import Cursor
from backend.bus.events import GainsChanged, ListenerMoved, StreamPaused
from backend.geo.position import Position
from backend.ids import ProjectId, StreamId
from backend.resources.viewer import ANONYMOUS
from realtime.happening import Happening, Lagged
from realtime.membership import MOST_BYTES, MOST_EVENTS, Membership, Unsent

EPOCH = "0000000a"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
STREAM, PROJECT = StreamId("s"), ProjectId(1)


class HeldOutlet:
    """A socket whose state the test holds."""

    def __init__(self):
        self.sent = []
        self.state = Unsent()

    def send(self, payload, happening):
        self.sent.append(payload)

    def unsent(self):
        return self.state

    def end(self):
        self.sent.append("end")


def event(number):
    return Happening(StreamPaused(STREAM, PROJECT), Cursor(EPOCH, number), NOW, number)


def moved(serial, latitude=60.0):
    return Happening(ListenerMoved(STREAM, PROJECT, Position(latitude, 24.0)), Cursor(EPOCH, 0), NOW, serial)


def joined(serial=0):
    outlet = HeldOutlet()
    return outlet, Membership(outlet, ANONYMOUS, cursor=Cursor(EPOCH, serial), serial=serial)


def live(serial=0):
    outlet, membership = joined(serial)
    membership.go_live()
    return outlet, membership


def give(membership, *numbers):
    for number in numbers:
        membership.take(event(number), number)


def test_what_happens_is_sent_at_once():
    outlet, membership = live()
    give(membership, 1, 2)
    assert outlet.sent == [1, 2]
    assert str(membership.cursor) == f"{EPOCH}.2"


def test_what_was_before_it_joined_is_not_told_again():
    outlet, membership = live(serial=5)
    give(membership, 4, 5, 6)
    assert outlet.sent == [6]


def test_what_happens_while_it_is_told_the_past_follows():
    outlet, membership = joined()
    give(membership, 1)
    membership.tell_past(event(0), "past")
    give(membership, 2)
    assert outlet.sent == ["past"]
    membership.go_live()
    assert outlet.sent == ["past", 1, 2]


def test_who_is_too_long_about_the_past_is_told_how_much_it_missed():
    outlet, membership = joined()
    give(membership, *range(1, MOST_EVENTS + 4))
    membership.go_live()
    assert outlet.sent == []
    assert membership.lag().event == Lagged(MOST_EVENTS + 3, Cursor(EPOCH, 0))


def test_with_as_many_events_unsent_it_is_behind_and_is_told_once_how_many_it_missed():
    outlet, membership = live()
    give(membership, 1)
    outlet.state = Unsent(MOST_EVENTS, 100)
    give(membership, 2, 3, 4)
    assert membership.lag() is None
    outlet.state = Unsent()
    lag = membership.lag()
    assert lag.event == Lagged(3, Cursor(EPOCH, 1))
    assert str(lag.cursor) == f"{EPOCH}.4"
    membership.tell_lag(lag, "lagged")
    give(membership, 5)
    assert outlet.sent == [1, "lagged", 5]
    assert not membership.is_slow


def test_with_as_many_bytes_unsent_it_is_behind():
    outlet, membership = live()
    outlet.state = Unsent(1, MOST_BYTES)
    give(membership, 1)
    assert outlet.sent == []
    assert membership.is_slow


def test_what_is_lost_while_it_is_told_so_is_counted_too():
    outlet, membership = live()
    outlet.state = Unsent(MOST_EVENTS)
    give(membership, 1)
    outlet.state = Unsent()
    lag = membership.lag()
    give(membership, 2)
    membership.tell_lag(lag, "too early")
    assert outlet.sent == []
    assert membership.lag().event == Lagged(2, Cursor(EPOCH, 0))


def test_of_positions_only_the_newest_waits_for_a_slow_socket():
    outlet, membership = live()
    outlet.state = Unsent(1)
    for serial in (1, 2, 3):
        membership.take(moved(serial), f"moved {serial}")
    membership.tell_newest()
    assert outlet.sent == []
    outlet.state = Unsent()
    membership.tell_newest()
    assert outlet.sent == ["moved 3"]
    assert not membership.is_slow


def test_positions_that_were_not_sent_are_not_missed():
    _, membership = live()
    membership.lose(moved(1))
    assert membership.lag() is None


def test_the_newest_position_waits_for_who_is_too_long_about_the_past_too():
    outlet, membership = joined()
    for serial in range(1, MOST_EVENTS + 3):
        membership.take(moved(serial), f"moved {serial}")
    membership.go_live()
    membership.tell_newest()
    assert outlet.sent == [f"moved {MOST_EVENTS + 2}"]


def test_it_ends_when_nothing_waits_any_more():
    outlet, membership = joined()
    give(membership, 1)
    membership.end()
    assert outlet.sent == []
    membership.go_live()
    assert outlet.sent == [1, "end"]


def test_what_waits_as_the_newest_goes_before_what_is_logged_after_it():
    outlet, membership = live()
    outlet.state = Unsent(1, 10)
    membership.take(moved(1), "moved")
    give(membership, 2)
    assert outlet.sent == ["moved", 2]
    assert membership.cursor == Cursor(EPOCH, 2)


def test_of_several_that_wait_as_the_newest_the_latest_is_told_last():
    outlet, membership = live()
    outlet.state = Unsent(1, 10)
    membership.take(moved(1), "moved")
    gains = GainsChanged(STREAM, PROJECT, ())
    membership.take(Happening(gains, Cursor(EPOCH, 1), NOW, 2), "gains")
    membership.take(moved(3), "moved again")
    outlet.state = Unsent()
    membership.tell_newest()
    assert outlet.sent == ["gains", "moved again"]


def test_what_another_process_has_told_it_already_is_neither_told_nor_counted():
    outlet = HeldOutlet()
    membership = Membership(outlet, ANONYMOUS, cursor=Cursor(EPOCH, 12), serial=10)
    membership.go_live()
    give(membership, 11)
    membership.lose(event(12))
    give(membership, 13)
    assert outlet.sent == [13]
    assert not membership.is_slow


def test_what_happens_after_the_end_is_not_missed():
    outlet, membership = live()
    outlet.state = Unsent(MOST_EVENTS)
    give(membership, 1)
    membership.end()
    give(membership, 2)
    outlet.state = Unsent()
    assert membership.lag().event == Lagged(1, Cursor(EPOCH, 0))


def test_who_names_a_place_that_the_log_has_not_is_told_what_is_written_there_later():
    outlet, membership = joined(100)
    membership.tell_past(Happening(Lagged(None, None), Cursor(EPOCH, 5), NOW, 100), "lagged")
    membership.go_live()
    membership.take(Happening(StreamPaused(STREAM, PROJECT), Cursor(EPOCH, 6), NOW, 101), 6)
    assert outlet.sent == ["lagged", 6]
