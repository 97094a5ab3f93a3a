"""The signal path's inner loops: every lane of a shard is mixed and limited, a granule at a time, in one call."""

from typing import NamedTuple

import numpy as np
from numba.np.numpy_support import carray
from numpy.typing import NDArray

from audio_engine.render.compiling import kernel, pointer
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Pcm = NDArray[np.int16]

# The limiter sets its gain once in a step, and sees a peak 12 steps (4.4 ms) before it sounds.
STEP_FRAMES = 16
LOOK_AHEAD_STEPS = 12
STEPS = GRANULE_FRAMES // STEP_FRAMES
# Each point between samples is interpolated from this many. It is known only when the later half of them is there:
# hence the delay of one step more.
TAPS = 16
DELAY_FRAMES = (LOOK_AHEAD_STEPS + 1) * STEP_FRAMES
PAST_STEPS = 2 * LOOK_AHEAD_STEPS
ENVELOPE_STEPS = PAST_STEPS + STEPS

# Sound is kept as in its sources: left and right in turn, in units of int16.
STEP_FLOATS = 2 * STEP_FRAMES
DELAY_FLOATS = 2 * DELAY_FRAMES
GRANULE_FLOATS = 2 * GRANULE_FRAMES
MIX_FLOATS = DELAY_FLOATS + GRANULE_FLOATS
LANE_FLOATS = DELAY_FLOATS + PAST_STEPS
# Where the points that the interpolation needs for the first new step begin, and the step itself in them.
SEARCH_START = DELAY_FLOATS - STEP_FLOATS - (TAPS - 2)
CENTRE = TAPS - 2
# So much is searched for peaks at once, or left out.
SEARCH_FLOATS = 4 * STEP_FLOATS

FULL_SCALE = np.float32(32_767)
# -2 dBTP: programme is to be below -1 (EBU R 128), and of the worst, noise up to half the rate, the short filter misses
# almost a decibel; what a codec adds at 64 kbit/s stays below full scale, too.
THRESHOLD = np.float32(32_768 * 10 ** (-2.0 / 20))
RELEASE_SECONDS = 0.15
RELEASE = np.float32(1 - np.exp(-STEP_FRAMES / (RELEASE_SECONDS * SAMPLE_RATE)))
# A release never quite arrives; 0.001 dB below full gain it has, and the sound is untouched again.
RELEASED = np.float32(0.9999)
FULL = np.float32(1)

# The columns of the two tables.
MEMORY, FIRST_VOICE, VOICES_END = range(3)
ADDRESS, FRAMES, CHANNELS, IS_LOOPED, OFFSET = range(5)
FARTHEST_OFFSET = 1 << 60


class Workbench(NamedTuple):
    """The kernel's constants, and its memory while it works on one lane; a thread needs one for all its lanes."""

    taps: Floats
    quiet_peak: Floats
    weights: Floats
    mix: Floats
    peaks: Floats
    envelope: Floats
    reductions: Floats
    levels: Floats


@kernel
def render_lanes(lanes: Integers, voices: Integers, gains: Floats, bench: Workbench, out: Pcm) -> None:
    """Fill `out`, shape (lanes, granules, GRANULE_FLOATS), and move each lane's memory on by as much.

    A row of `lanes` is the address of its memory (LANE_FLOATS) and the range of its rows in `voices`; a row of
    `voices` is the source's address, frames, channels, whether it is looped, and its offset; `gains` has the
    shape (voices, granules + 1, 2), finite. Granule by granule, so that the block size cannot be heard.
    """
    for lane in range(lanes.shape[0]):
        memory = carray(pointer(lanes[lane, MEMORY]), LANE_FLOATS, np.float32)
        copy(memory[:DELAY_FLOATS], bench.mix)
        copy(memory[DELAY_FLOATS:], bench.envelope)
        for granule in range(out.shape[1]):
            new = bench.mix[DELAY_FLOATS:]
            silence(new)
            for voice in range(lanes[lane, FIRST_VOICE], lanes[lane, VOICES_END]):
                add_voice(new, voices[voice], granule, gains[voice, granule : granule + 2])
            limit(bench, out[lane, granule])
            copy(bench.mix[GRANULE_FLOATS:], bench.mix)
            copy(bench.envelope[STEPS:], bench.envelope)
        copy(bench.mix[:DELAY_FLOATS], memory)
        copy(bench.envelope[:PAST_STEPS], memory[DELAY_FLOATS:])


@kernel
def copy(source: Floats, target: Floats) -> None:
    # Assigning to a slice does the same, but takes four seconds more to compile.
    for i in range(source.shape[0]):
        target[i] = source[i]


@kernel
def silence(mix: Floats) -> None:
    for i in range(mix.shape[0]):
        mix[i] = 0


@kernel
def add_voice(mix: Floats, voice: Integers, granule: int, gains: Floats) -> None:
    frames, channels = voice[FRAMES], voice[CHANNELS]
    is_silent = gains[0, 0] == 0 and gains[0, 1] == 0 and gains[1, 0] == 0 and gains[1, 1] == 0
    if is_silent or frames <= 0:
        return
    source = carray(pointer(voice[ADDRESS]), frames * channels, np.int16)
    begin = min(max(voice[OFFSET], -FARTHEST_OFFSET), FARTHEST_OFFSET) + granule * GRANULE_FRAMES
    first = 0
    if voice[IS_LOOPED]:
        begin %= frames
    elif begin < 0:
        first = min(-begin, GRANULE_FRAMES)
        begin = 0
    while first < GRANULE_FRAMES and begin < frames:
        count = min(GRANULE_FRAMES - first, frames - begin)
        run = source[channels * begin : channels * (begin + count)]
        add_run(mix[2 * first : 2 * (first + count)], run, channels, first, gains)
        first += count
        begin = 0 if voice[IS_LOOPED] else frames


@kernel
def add_run(mix: Floats, source: Pcm, channels: int, first: int, gains: Floats) -> None:
    """Add a run of frames that begins at frame `first` of the granule; `gains` are those at the granule's ends."""
    left_slope = (gains[1, 0] - gains[0, 0]) / np.float32(GRANULE_FRAMES)
    right_slope = (gains[1, 1] - gains[0, 1]) / np.float32(GRANULE_FRAMES)
    left = gains[0, 0] + np.float32(first) * left_slope
    right = gains[0, 1] + np.float32(first) * right_slope
    # Two loops, as only a fixed stride becomes vector instructions.
    if channels == 1:
        for i in range(mix.shape[0] // 2):
            mix[2 * i] += np.float32(source[i]) * (left + np.float32(i) * left_slope)
            mix[2 * i + 1] += np.float32(source[i]) * (right + np.float32(i) * right_slope)
    else:
        for i in range(mix.shape[0] // 2):
            mix[2 * i] += np.float32(source[2 * i]) * (left + np.float32(i) * left_slope)
            mix[2 * i + 1] += np.float32(source[2 * i + 1]) * (right + np.float32(i) * right_slope)


@kernel
def limit(bench: Workbench, out: Pcm) -> None:
    """The delayed mix as int16, its true peaks held below THRESHOLD; bit for bit the mix while no peak is near."""
    if is_below(bench.mix[SEARCH_START:], bench.quiet_peak[0]):
        release(bench.envelope)
    else:
        search_peaks(bench)
        find_allowed_gains(bench.peaks, bench.envelope)
    lowest = find_lowest(bench.envelope)
    if lowest < FULL:
        smooth(bench.envelope, bench.weights, bench.reductions, bench.levels)
        write_levelled(bench.mix, bench.levels, out)
    else:
        write_as_is(bench.mix, out)


@kernel
def is_below(mix: Floats, peak: np.float32) -> bool:
    # Counted, not searched: a count becomes vector instructions, a loop with an early end does not.
    above = 0
    for i in range(mix.shape[0]):
        above += abs(mix[i]) > peak
    return above == 0


@kernel
def search_peaks(bench: Workbench) -> None:
    """Only around what is loud: a peak that is left out is no peak to the limiter."""
    for begin in range(0, GRANULE_FLOATS, SEARCH_FLOATS):
        around = bench.mix[SEARCH_START + begin : SEARCH_START + begin + SEARCH_FLOATS + 2 * (TAPS - 1)]
        peaks = bench.peaks[begin : begin + SEARCH_FLOATS]
        if is_below(around, bench.quiet_peak[0]):
            silence(peaks)
        else:
            find_peaks(around, bench.taps, peaks)


@kernel
def find_peaks(mix: Floats, taps: Floats, peaks: Floats) -> None:
    """The largest of each sample and the three points after it, on its own side."""
    for i in range(peaks.shape[0]):
        first = second = third = np.float32(0)
        for tap in range(TAPS):
            sample = mix[i + 2 * tap]
            first += taps[0, tap] * sample
            second += taps[1, tap] * sample
            third += taps[2, tap] * sample
        peaks[i] = max(abs(mix[i + CENTRE]), abs(first), abs(second), abs(third))


@kernel
def release(envelope: Floats) -> None:
    """Append to the envelope the gain of each new step where nothing is loud: slowly up."""
    allowed = envelope[PAST_STEPS - 1]
    for step in range(STEPS):
        allowed = released(allowed)
        envelope[PAST_STEPS + step] = allowed


@kernel
def find_allowed_gains(peaks: Floats, envelope: Floats) -> None:
    """Append to the envelope the gain each new step allows: at once down, slowly up."""
    allowed = envelope[PAST_STEPS - 1]
    for step in range(STEPS):
        allowed = released(allowed)
        new = peaks[step * STEP_FLOATS : (step + 1) * STEP_FLOATS]
        if not are_allowed(new, allowed):
            for i in range(STEP_FLOATS):
                if new[i] * allowed > THRESHOLD:
                    allowed = THRESHOLD / new[i]
        envelope[PAST_STEPS + step] = allowed


@kernel
def released(allowed: np.float32) -> np.float32:
    risen = allowed + (FULL - allowed) * RELEASE
    return FULL if risen > RELEASED else risen


@kernel
def are_allowed(peaks: Floats, gain: np.float32) -> bool:
    above = 0
    for i in range(STEP_FLOATS):
        above += peaks[i] * gain > THRESHOLD
    return above == 0


@kernel
def find_lowest(envelope: Floats) -> np.float32:
    lowest = FULL
    for step in range(ENVELOPE_STEPS):
        lowest = min(lowest, envelope[step])
    return lowest


@kernel
def smooth(envelope: Floats, weights: Floats, reductions: Floats, levels: Floats) -> None:
    """The gain at each step's boundary: a mean of held minima, so nowhere above what the steps beside it allow."""
    for step in range(reductions.shape[0]):
        lowest = FULL
        for i in range(LOOK_AHEAD_STEPS + 1):
            lowest = min(lowest, envelope[step + i])
        reductions[step] = FULL - lowest
    for step in range(STEPS + 1):
        reduction = np.float32(0)
        for i in range(LOOK_AHEAD_STEPS):
            reduction += weights[i] * reductions[step + i]
        levels[step] = FULL - reduction


@kernel
def write_levelled(mix: Floats, levels: Floats, out: Pcm) -> None:
    for step in range(STEPS):
        slope = (levels[step + 1] - levels[step]) / np.float32(STEP_FRAMES)
        for i in range(STEP_FLOATS):
            level = levels[step] + np.float32(i // 2) * slope
            out[step * STEP_FLOATS + i] = rounded(mix[step * STEP_FLOATS + i] * level)


@kernel
def write_as_is(mix: Floats, out: Pcm) -> None:
    for i in range(GRANULE_FLOATS):
        out[i] = rounded(mix[i])


@kernel
def rounded(sample: np.float32) -> np.int16:
    return np.int16(np.int32(np.rint(min(max(sample, -FULL_SCALE), FULL_SCALE))))
