import numpy as np
import pytest
from pydub import AudioSegment

from backend.assets.ingest.trimming import trimmed
from tests.backend.assets.ingest.listening import hiss
from tests.backend.decoding.recordings import tone


def trim(*parts):
    """The frames that are left of mono sound, int16, shape (frames,)."""
    sound = AudioSegment(np.concatenate(parts).tobytes(), sample_width=2, frame_rate=44_100, channels=1)
    return np.frombuffer(trimmed(sound).raw_data, np.int16)


@pytest.mark.parametrize(("before", "after"), [(1.0, 0.5), (0.0, 2.0), (2.0, 0.0), (0.04, 0.03), (0.0, 0.0)])
def test_silence_at_both_ends_goes_but_for_a_twentieth_of_a_second(before, after):
    left = trim(hiss(before), tone(440), hiss(after))
    kept_seconds = 1 + min(before, 0.05) + min(after, 0.05)
    assert len(left) / 44_100 == pytest.approx(kept_seconds, abs=0.011)


def test_what_is_left_is_unchanged():
    sound = [hiss(1), tone(440), hiss(1)]
    left, whole = trim(*sound), np.concatenate(sound)
    begin = round(0.95 * 44_100)
    np.testing.assert_array_equal(left, whole[begin : begin + len(left)])


def test_a_pause_in_the_middle_stays():
    assert len(trim(tone(440), hiss(3), tone(440))) == 5 * 44_100


def test_what_is_quiet_beside_the_loudest_but_no_silence_stays():
    assert len(trim(tone(440) // 50, tone(440))) == 2 * 44_100


def test_silence_alone_stays_as_it_is():
    nothing = np.zeros(44_100, np.int16)
    np.testing.assert_array_equal(trim(nothing), nothing)


@pytest.mark.parametrize("frames", [1, 7, 440, 441, 442, 463, 44_099])
def test_no_frame_is_lost_or_made_up_at_the_end(frames):
    assert len(trim(tone(440, seconds=2)[100 : 100 + frames])) == frames
