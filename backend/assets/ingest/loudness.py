"""How loud a recording is (ITU-R BS.1770-4, by pyloudnorm), and what makes all of them equally loud."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pyloudnorm import Meter
from scipy.signal import firwin, resample_poly

from backend.assets.ingest.errors import SilentRecording
from backend.decoding.decode import SAMPLE_RATE

Samples = NDArray[np.int16]

TARGET_LUFS = -18.0
CEILING_DBTP = -1.0
# More would make an empty room roar.
MOST_GAIN_DB = 30.0
_FULL_SCALE = 32_768.0
_BLOCK_FRAMES = round(0.4 * SAMPLE_RATE)
_HOP_FRAMES = round(0.1 * SAMPLE_RATE)
_GATE_LUFS = -70.0
_RELATIVE_GATE_DB = -10.0
# A long recording is measured in parts, to bound the memory; each begins earlier, until its filters have settled.
_PART_FRAMES = 30 * SAMPLE_RATE
_LEAD_IN_BLOCKS = 10
_PEAK_PART_FRAMES = SAMPLE_RATE // 10
# Between two samples a recording rises by 3 dB; more than 6 would be no sound that a microphone has heard.
_MOST_BETWEEN = 2.0
_OVERSAMPLING = 4
# The interpolation looks at ten frames on each side; scipy would design this filter, its own, anew at each call.
_PEAK_CONTEXT_FRAMES = 10
_PEAK_TAPS = firwin(2 * _PEAK_CONTEXT_FRAMES * _OVERSAMPLING + 1, 1 / _OVERSAMPLING, window=("kaiser", 5.0)).astype(
    np.float32
)


def levelling_gain_db(sound: Samples) -> float:
    """What brings it to -18 LUFS, or less where its peaks would rise above -1 dBTP. Raises SilentRecording.

    `sound`: shape (frames, channels).
    """
    lufs = integrated_lufs(sound) if sound.any() else -math.inf
    if lufs == -math.inf:
        raise SilentRecording("The recording is silent. Is the microphone switched on?")
    gain_db = min(TARGET_LUFS - lufs, MOST_GAIN_DB, CEILING_DBTP - true_peak_db(sound))
    # Rounded down: what is stored is what was done.
    return math.floor(gain_db * 100) / 100


def integrated_lufs(sound: Samples) -> float:
    """Of shape (frames, channels); minus infinity below the gate of -70.

    What is shorter than one block of 0.4 s is measured as though it were repeated: silence around it is not its own.
    """
    if len(sound) < _BLOCK_FRAMES:
        sound = np.resize(sound, (_BLOCK_FRAMES, sound.shape[1]))
    powers = np.concatenate(list(_block_powers(sound)))
    heard = powers[powers >= _power(_GATE_LUFS)]
    if len(heard) == 0:
        return -math.inf
    return _lufs(float(heard[heard > heard.mean() * 10 ** (_RELATIVE_GATE_DB / 10)].mean()))


def _block_powers(sound: Samples) -> Iterator[NDArray[np.float64]]:
    """The weighted power of each block of 0.4 s, one every 0.1 s."""
    for begin in range(0, len(sound), _PART_FRAMES):
        lead_in = min(begin, _LEAD_IN_BLOCKS * _HOP_FRAMES)
        part = sound[begin - lead_in : begin + _PART_FRAMES + _BLOCK_FRAMES - _HOP_FRAMES]
        if len(part) < _BLOCK_FRAMES:
            return
        meter = Meter(SAMPLE_RATE)
        meter.integrated_loudness(part / _FULL_SCALE)
        yield _power(np.array(meter.blockwise_loudness[lead_in // _HOP_FRAMES :]))


def _power(lufs: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(10 ** ((lufs + 0.691) / 10))


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power)


def true_peak_db(sound: Samples) -> float:
    """The highest peak between the samples too, of shape (frames, channels); decibels over full scale, with a sign."""
    sample_peaks = _sample_peaks(sound)
    peak = float(sample_peaks.max())
    for part in np.argsort(sample_peaks)[::-1]:
        if sample_peaks[part] * _MOST_BETWEEN < peak:
            break
        peak = max(peak, _peak_between(sound, int(part) * _PEAK_PART_FRAMES))
    return 20 * math.log10(peak / _FULL_SCALE) if peak else -math.inf


def _sample_peaks(sound: Samples) -> NDArray[np.int64]:
    """Of each part."""
    begins = np.arange(0, len(sound), _PEAK_PART_FRAMES)
    highest = np.maximum.reduceat(sound, begins, axis=0).max(axis=1).astype(np.int64)
    lowest = np.minimum.reduceat(sound, begins, axis=0).min(axis=1).astype(np.int64)
    return np.asarray(np.maximum(highest, -lowest))


def _peak_between(sound: Samples, begin: int) -> float:
    before = min(begin, _PEAK_CONTEXT_FRAMES)
    part = sound[begin - before : begin + _PEAK_PART_FRAMES + _PEAK_CONTEXT_FRAMES].astype(np.float32)
    between = resample_poly(part, _OVERSAMPLING, 1, axis=0, window=_PEAK_TAPS)
    own = between[before * _OVERSAMPLING : (before + _PEAK_PART_FRAMES) * _OVERSAMPLING]
    return float(np.abs(own).max())
