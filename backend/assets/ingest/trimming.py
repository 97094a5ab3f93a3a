"""The silence before and after what was recorded, by pydub."""

from pydub import AudioSegment
from pydub.silence import detect_leading_silence

from backend.decoding.decode import SAMPLE_RATE

# Below the loudest sample. A room's own noise is usually louder, and stays.
SILENCE_DB = -45.0
_STEP_MS = 10
# So that a word's soft beginning and a string's end are not cut.
KEPT_MS = 50


def trimmed(sound: AudioSegment) -> AudioSegment:
    """Without the silence at both ends; what is nothing but silence stays as it is."""
    threshold = sound.max_dBFS + SILENCE_DB
    begin = detect_leading_silence(sound, threshold, _STEP_MS)
    end = _end_of_sound(sound, threshold)
    if begin >= end:
        return sound
    return sound.get_sample_slice(_frame(begin - KEPT_MS), _frame(end + KEPT_MS))


def _end_of_sound(sound: AudioSegment, threshold: float) -> int:
    """As `detect_leading_silence` from the other end, which would need the whole sound turned round in memory."""
    end: int = len(sound)
    while end > 0 and _piece(sound, end - _STEP_MS, end).dBFS < threshold:
        end -= _STEP_MS
    return end


def _piece(sound: AudioSegment, begin_ms: int, end_ms: int) -> AudioSegment:
    return sound.get_sample_slice(_frame(begin_ms), _frame(end_ms))


def _frame(ms: int) -> int:
    """Slices by the millisecond would be filled up with silence at the end."""
    return ms * SAMPLE_RATE // 1000
