from audio_engine.admission import FULL_LOAD, SETTLE_SECONDS, Admission
from audio_engine.clock import FakeClock


class Door:
    """An engine whose load is what a test says."""

    def __init__(self, *, load=0.0, sounding=0, least_share=0.004):
        self.clock = FakeClock(100.0)
        self.load, self.sounding = load, sounding
        self.admission = Admission(
            load=lambda: self.load, sounding=lambda: self.sounding, least_share=least_share, now=self.clock.now
        )

    def crowd(self, count):
        """How many of so many who come at once are let in."""
        return sum(self.admission.admits() for _ in range(count))


def test_below_seventy_percent_one_more_is_let_in_and_above_nobody():
    assert Door(load=FULL_LOAD, sounding=100).admission.admits()
    assert not Door(load=FULL_LOAD + 0.001, sounding=100).admission.admits()


def test_a_crowd_is_let_in_until_what_it_will_take_is_too_much():
    # 0.2 of 0.01 each: fifty more fit into what is left of 0.7.
    assert Door(load=0.2, sounding=20).crowd(200) == 51


def test_an_engine_that_has_nobody_yet_goes_by_what_a_stream_takes_at_least():
    # 89 of them are 0.695 of the beat's time.
    assert Door(least_share=1 / 128).crowd(500) == 90


def test_those_whom_the_load_shows_are_not_counted_twice():
    door = Door(least_share=1 / 128)
    assert door.crowd(500) == 90
    door.clock.advance(SETTLE_SECONDS + 0.1)
    door.load, door.sounding = 0.4, 90
    assert door.crowd(500) == 39


def test_who_is_refused_takes_no_place():
    door = Door(load=0.9, sounding=90)
    assert door.crowd(50) == 0
    door.load = 0.69
    assert door.admission.admits()
