from audio_engine.delivery.supply import Supply


def underruns(*sent):
    """How often a player runs dry that is sent these (at, seconds)."""
    supply = Supply()
    return [supply.add(seconds, at) for at, seconds in sent].count(True)


def test_a_player_waits_for_two_seconds_before_it_starts():
    assert underruns((0, 1.0), (60, 0.9), (120, 0.2)) == 0


def test_a_player_that_holds_enough_does_not_run_dry():
    assert underruns((0, 2.0), (1.9, 1.0), (2.9, 1.0), (3.9, 0.2)) == 0


def test_a_player_runs_dry_once_and_waits_again():
    assert underruns((0, 2.0), (2.1, 0.2), (9, 0.2), (20, 1.6), (22.1, 0.2)) == 2


def test_a_player_that_was_let_go_starts_anew():
    supply = Supply()
    supply.add(2.0, 0)
    supply.restart()
    assert not supply.add(2.0, 60)
    assert supply.add(0.2, 63)
