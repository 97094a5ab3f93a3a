"""The silence before and after what was recorded, by pydub."""

from functools import partial

from pydub import AudioSegment

from backend.decoding.decode import SAMPLE_RATE

# Below the loudest sample. A room's own noise is usually louder, and stays.
SILENCE_DB = -45.0
_STEP_FRAMES = SAMPLE_RATE // 100
# So that a word's soft beginning and a string's end are not cut.
_KEPT_FRAMES = SAMPLE_RATE // 20


def trimmed(sound: AudioSegment) -> AudioSegment:
    """Without the silence at both ends; what is nothing but silence stays as it is."""
    # Not by pydub's own search: it needs the sound turned round in memory to find the end, and slices by the
    # millisecond, which it fills up.
    steps = range(0, int(sound.frame_count()), _STEP_FRAMES)
    is_heard = partial(_is_heard, sound, threshold_db=sound.max_dBFS + SILENCE_DB)
    begin = next(filter(is_heard, steps), None)
    end = next(filter(is_heard, reversed(steps)), None)
    if begin is None or end is None:
        return sound
    return sound.get_sample_slice(begin - _KEPT_FRAMES, end + _STEP_FRAMES + _KEPT_FRAMES)


def _is_heard(sound: AudioSegment, begin: int, *, threshold_db: float) -> bool:
    piece = sound.get_sample_slice(begin, begin + _STEP_FRAMES)
    return bool(piece.dBFS >= threshold_db)
