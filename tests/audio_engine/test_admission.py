from audio_engine.admission import FULL_LOAD, Admission


class Door:
    """An engine whose load is what a test says, and that has rendered so many sessions for a while."""

    def __init__(self, *, load=0.0, rendered=0, least_share=1 / 256):
        self.load, self.committed = load, rendered
        self.admission = Admission(load=lambda: self.load, committed=lambda: self.committed, least_share=least_share)
        for _ in range(100):
            self.admission.note_rendered(rendered)

    def crowd(self, count):
        """How many of so many who come at once are let in."""
        admitted = 0
        for _ in range(count):
            if self.admission.admits():
                admitted += 1
                self.committed += 1
        return admitted


def test_below_seventy_percent_one_more_is_let_in_and_above_nobody():
    assert Door(load=FULL_LOAD - 0.01, rendered=100).admission.admits()
    assert not Door(load=FULL_LOAD + 0.001, rendered=100).admission.admits()


def test_a_crowd_is_let_in_until_what_it_will_take_is_too_much():
    # Eighty take half of the beat; with twenty of the least share that is 37/6400 each, and 121 of it fit.
    assert Door(load=0.5, rendered=80).crowd(200) == 121 - 80


def test_a_few_whose_ticks_are_dear_do_not_keep_a_crowd_out():
    # A single session and the beat's own work, at 1/50 of a tick, are no measure for thirty.
    assert Door(load=0.02, rendered=1).crowd(100) == 100


def test_an_engine_that_has_nobody_yet_goes_by_what_a_stream_takes_at_least():
    assert Door(least_share=1 / 128).crowd(500) == 89


def test_those_who_are_rendered_already_but_for_a_moment_only_are_counted_once():
    door = Door(least_share=1 / 128)
    assert door.crowd(40) == 40
    for _ in range(5):
        door.load += 0.2 * (40 / 128 - door.load)
        door.admission.note_rendered(40)
    assert door.crowd(500) == 89 - 40


def test_when_people_leave_there_is_room_again():
    door = Door(load=0.69, rendered=100)
    door.crowd(10)
    assert not door.admission.admits()
    door.committed = 50
    assert door.admission.admits()


def test_a_beat_that_is_full_of_other_things_lets_nobody_in():
    assert not Door(load=0.8).admission.admits()
