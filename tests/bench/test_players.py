"""The model player counts what a person would hear as a gap."""

from pytest import approx

from bench.players import ModelPlayer

RATE = 1_000.0


def test_a_steady_stream_has_no_underrun():
    player = ModelPlayer(RATE)
    player.arrive(2_000, 0.0)
    for tick in range(1, 100):
        player.arrive(200, tick * 0.2)
    assert player.playing.underruns == 0
    assert player.playing.received_bytes == 2_000 + 99 * 200


def test_a_pause_longer_than_the_buffer_is_one_underrun():
    player = ModelPlayer(RATE)
    player.arrive(2_000, 0.0)
    player.arrive(200, 2.5)
    player.arrive(200, 2.55)
    assert player.playing.underruns == 1


def test_after_an_underrun_the_player_goes_on_from_where_it_stopped():
    player = ModelPlayer(RATE)
    player.arrive(2_000, 0.0)
    player.arrive(1_000, 5.0)
    player.check(5.9)
    assert player.playing.underruns == 1
    player.check(6.1)
    assert player.playing.underruns == 2


def test_a_player_without_two_seconds_has_not_started():
    player = ModelPlayer(RATE)
    player.arrive(1_999, 0.0)
    player.check(100.0)
    assert player.playing.underruns == approx(0)
