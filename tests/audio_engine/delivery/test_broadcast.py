import numpy as np
import pytest

from audio_engine.clock import FakeClock
from audio_engine.delivery.broadcast import RESUME_SHARE, Broadcast
from audio_engine.delivery.tally import Tally
from audio_engine.encoding.mp3_frames import split_frames
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE
from tests.audio_engine.delivery.mp3 import TICK_SECONDS, decoded, ticks
from tests.backend.decoding.recordings import loudest_hertz

# At 128 kbit/s: the burst, which a browser waits for, and two seconds.
MOST_WAITING_BYTES = 69_568


class Player:
    """A connection whose other end takes as much as a test says."""

    def __init__(self):
        self.chunks = []
        self.waiting = 0
        self.most_waiting = 0
        self.is_stuck = False
        self.is_closed = False
        self.is_aborted = False

    @property
    def heard(self):
        return b"".join(self.chunks)

    def write(self, data):
        self.chunks.append(data)
        if self.is_stuck:
            self.waiting += len(data)
            self.most_waiting = max(self.most_waiting, self.waiting)

    def get_write_buffer_size(self):
        return self.waiting

    def take(self, size):
        self.waiting -= min(size, self.waiting)

    def close(self):
        self.is_closed = True

    def abort(self):
        self.is_aborted = True


class Studio:
    def __init__(self, bitrate_kbps=128, *, max_listeners=3):
        self.clock = FakeClock(100.0)
        self.bitrate_kbps = bitrate_kbps
        self.tally = Tally()
        self.broadcast = Broadcast(
            bitrate_kbps=bitrate_kbps, now=self.clock.now, max_listeners=max_listeners, tally=self.tally
        )

    def on_air(self, chunks):
        for chunk in chunks:
            self.broadcast.publish(chunk)
            self.clock.advance(TICK_SECONDS)

    def player(self, **options):
        player = Player()
        player.listener = self.broadcast.attach(player, **options)
        return player


@pytest.fixture
def studio():
    return Studio()


def test_everybody_is_sent_the_same_bytes_and_not_copies(studio):
    players = [studio.player() for _ in range(3)]
    chunk = ticks(4)[2]
    studio.broadcast.publish(chunk)
    assert all(player.chunks[-1] is chunk for player in players)


def test_who_comes_first_hears_from_the_first_frame_on(studio):
    player = studio.player()
    studio.on_air(ticks(4))
    assert player.heard == b"".join(ticks(4))


@pytest.mark.parametrize(("bitrate_kbps", "count"), [(64, 169), (128, 90), (320, 77)])
def test_who_comes_later_begins_with_the_last_seconds_in_whole_frames(bitrate_kbps, count):
    studio = Studio(bitrate_kbps)
    chunks = ticks(30, bitrate_kbps=bitrate_kbps)
    studio.on_air(chunks)
    player = studio.player()
    frames, rest = split_frames(player.heard)
    assert rest == b""
    assert len(frames) == count
    assert 0 <= count * GRANULE_FRAMES / SAMPLE_RATE - studio.broadcast.burst_seconds < GRANULE_FRAMES / SAMPLE_RATE
    assert b"".join(chunks).endswith(player.heard)


def test_the_burst_goes_on_into_the_live_sound_without_a_seam(studio):
    chunks = ticks(40)
    studio.on_air(chunks[:30])
    player = studio.player()
    studio.on_air(chunks[30:])
    assert b"".join(chunks).endswith(player.heard)
    sound = decoded(player.heard)
    assert loudest_hertz(sound[10_000:80_000]) == pytest.approx(440, abs=1)


def test_what_was_published_a_while_ago_is_no_burst(studio):
    studio.on_air(ticks(12))
    studio.clock.advance(1.6)
    assert studio.player().heard == b""
    studio.on_air(ticks(40)[30:31])
    assert studio.player().heard == ticks(40)[30]


def test_what_is_kept_for_the_burst_is_bounded(studio):
    studio.on_air(ticks(40) * 5)
    assert sum(map(len, studio.broadcast._recent)) < 2.8 * 16_000


def test_an_empty_chunk_is_not_sent(studio):
    player = studio.player()
    studio.broadcast.publish(b"")
    assert player.chunks == []


def test_who_stops_reading_costs_bounded_memory_and_others_hear_everything(studio):
    stuck, healthy = studio.player(), studio.player()
    stuck.is_stuck = True
    studio.on_air(ticks(40) * 5)
    assert stuck.most_waiting <= MOST_WAITING_BYTES
    assert studio.tally.lost_chunks > 100
    assert healthy.heard == b"".join(ticks(40) * 5)


@pytest.mark.parametrize("bitrate_kbps", [64, 320])
def test_who_has_not_taken_the_burst_yet_loses_nothing_that_comes_within_two_seconds(bitrate_kbps):
    studio = Studio(bitrate_kbps)
    chunks = ticks(30, bitrate_kbps=bitrate_kbps)
    studio.on_air(chunks[:20])
    player = Player()
    player.is_stuck = True
    studio.broadcast.attach(player)
    studio.on_air(chunks[20:28])
    assert studio.tally.lost_chunks == 0
    assert b"".join(chunks[:28]).endswith(player.heard)
    assert player.waiting <= studio.broadcast.most_waiting_bytes


def test_who_reads_again_is_taken_back_at_live_and_at_a_frame(studio):
    chunks = ticks(100)
    player = studio.player()
    player.is_stuck = True
    studio.on_air(chunks[:60])
    heard_before = len(player.chunks)
    player.take(int(MOST_WAITING_BYTES * (1 - RESUME_SHARE)) - 5_000)
    studio.on_air(chunks[60:61])
    assert len(player.chunks) == heard_before
    player.is_stuck = False
    player.take(MOST_WAITING_BYTES)
    studio.on_air(chunks[61:])
    assert player.heard == b"".join(chunks[:heard_before] + chunks[61:])
    frames, rest = split_frames(player.heard)
    assert rest == b""
    sound = decoded(player.heard)
    assert len(sound) >= (len(frames) - 2) * GRANULE_FRAMES
    assert loudest_hertz(sound[-40_000:]) == pytest.approx(440, abs=1.2)
    assert float(np.abs(sound).max()) < 1.0


def test_a_listener_without_progress_for_thirty_seconds_is_cut_off(studio):
    player = studio.player()
    player.is_stuck = True
    studio.on_air(ticks(4))
    player.listener.sweep(studio.clock.now())
    studio.clock.advance(29)
    player.listener.sweep(studio.clock.now())
    assert not player.is_aborted
    assert studio.tally.cut_off == 0
    studio.clock.advance(1)
    player.listener.sweep(studio.clock.now())
    assert player.is_aborted
    assert studio.tally.cut_off == 1


def test_a_listener_who_takes_a_little_now_and_then_is_kept(studio):
    player = studio.player()
    player.is_stuck = True
    studio.on_air(ticks(40))
    for _ in range(10):
        studio.clock.advance(20)
        player.take(100)
        player.listener.sweep(studio.clock.now())
    assert not player.is_aborted


def test_a_listener_to_whom_nothing_is_sent_is_kept(studio):
    player = studio.player()
    studio.clock.advance(1_000)
    player.listener.sweep(studio.clock.now())
    assert not player.is_aborted


def test_a_stream_is_read_until_its_listener_has_taken_nothing_for_two_seconds(studio):
    assert not studio.broadcast.is_reading
    player = studio.player()
    assert studio.broadcast.is_reading
    player.is_stuck = True
    studio.broadcast.publish(ticks(4)[1])
    assert studio.broadcast.is_reading
    studio.clock.advance(1.9)
    assert studio.broadcast.is_reading
    studio.clock.advance(0.2)
    assert not studio.broadcast.is_reading
    player.take(1_000)
    assert studio.broadcast.is_reading


def test_one_listener_who_reads_is_enough(studio):
    stuck, _ = studio.player(), studio.player()
    stuck.is_stuck = True
    for _ in range(5):
        studio.on_air(ticks(40))
        assert studio.broadcast.is_reading


def test_a_stream_has_one_listener_unless_told_otherwise_and_the_newest_wins():
    clock = FakeClock(100.0)
    broadcast = Broadcast(bitrate_kbps=128, now=clock.now)
    first, second = Player(), Player()
    broadcast.attach(first)
    broadcast.publish(ticks(4)[1])
    broadcast.attach(second)
    broadcast.publish(ticks(4)[2])
    assert first.is_closed
    assert not first.is_aborted
    assert first.heard == ticks(4)[1]
    assert second.heard == ticks(4)[1] + ticks(4)[2]
    assert not second.is_closed
    assert broadcast.listeners == 1


def test_who_gives_way_does_so_after_the_newest_has_the_burst(studio):
    order = []

    class Noting(Player):
        def write(self, data):
            order.append("burst")

        def close(self):
            order.append("closed")

    studio.on_air(ticks(12))
    for _ in range(3):
        studio.broadcast.attach(Noting())
    order.clear()
    studio.player()
    assert order == ["closed"]
    order.clear()
    studio.broadcast.attach(Noting())
    assert order == ["burst", "closed"]


def test_of_several_listeners_the_oldest_gives_way(studio):
    players = [studio.player() for _ in range(4)]
    assert [player.is_closed for player in players] == [True, False, False, False]
    assert studio.tally.replaced == 1
    assert studio.broadcast.listeners == 3


def test_a_probe_hears_the_stream_and_takes_the_place_of_another_probe_alone():
    studio = Studio(max_listeners=1)
    player, first = studio.player(), studio.player(is_probe=True)
    second = studio.player(is_probe=True)
    studio.on_air(ticks(4))
    assert [player.is_closed, first.is_closed, second.is_closed] == [False, True, False]
    assert player.heard == second.heard == b"".join(ticks(4))
    assert first.heard == b""


def test_whoever_listens_takes_the_place_of_a_probe():
    studio = Studio(max_listeners=2)
    old, probe = studio.player(), studio.player(is_probe=True)
    new = studio.player()
    assert [old.is_closed, probe.is_closed, new.is_closed] == [False, True, False]
    assert studio.broadcast.listeners == 2


def test_a_listener_who_has_gone_is_let_go_once(studio):
    player, _ = studio.player(), studio.player()
    studio.broadcast.detach(player.listener)
    studio.broadcast.detach(player.listener)
    assert studio.broadcast.listeners == 1


def test_a_stream_knows_whether_it_has_listeners(studio):
    assert not studio.broadcast.has_listeners
    player = studio.player()
    assert studio.broadcast.has_listeners
    studio.broadcast.detach(player.listener)
    assert not studio.broadcast.has_listeners


def test_a_stream_that_ends_closes_its_connections_and_takes_nobody_more(studio):
    player = studio.player()
    studio.broadcast.close()
    assert player.is_closed
    assert studio.broadcast.is_closed


def test_a_player_who_runs_dry_because_nothing_came_is_an_underrun(studio):
    studio.on_air(ticks(12))
    studio.player()
    studio.clock.advance(1.9)
    studio.on_air(ticks(40)[12:20])
    assert studio.tally.underruns == 0
    studio.clock.advance(2.1)
    studio.on_air(ticks(40)[20:21])
    assert studio.tally.underruns == 1


def test_a_player_who_did_not_read_runs_dry_by_their_own_doing(studio):
    studio.on_air(ticks(12))
    player = studio.player()
    player.is_stuck = True
    studio.on_air(ticks(40) * 3)
    studio.clock.advance(60)
    assert not studio.broadcast.is_reading
    player.is_stuck = False
    player.take(MOST_WAITING_BYTES)
    studio.on_air(ticks(40))
    assert studio.tally.underruns == 0


def test_titles_are_woven_for_those_who_ask_alone(studio):
    studio.broadcast.set_title("Sea")
    plain, titled = studio.player(), studio.player(wants_titles=True)
    studio.on_air(ticks(40))
    assert plain.heard == b"".join(ticks(40))
    assert b"StreamTitle" not in plain.heard
    assert titled.heard.count(b"StreamTitle='Sea';") == titled.heard.count(b"StreamTitle=") == 1
    assert titled.heard[:16_000] == plain.heard[:16_000]
