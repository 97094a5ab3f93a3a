"""`python -m bench.loudness`: how loud a walk through the demo is, and how high its peaks are, also once decoded.

Two programmes are encoded and decoded: two minutes of the first walk, and all that bench.programme has at once and
6 dB up, so that the limiter never rests.
"""

import argparse
import io
from math import log10

import av
import numpy as np
from numpy.typing import NDArray
from pyloudnorm import Meter
from scipy.signal import firwin, resample_poly

from audio_engine.delivery.framing import FRAMINGS
from audio_engine.encoding.formats import Format
from audio_engine.session import new_encoder
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, TICK_GRANULES
from bench.rendering import demo_soundscape, rendered_programme, rendered_stroll

FULL_SCALE = 32_768.0
LOUD = 2.0
OVERSAMPLING = 4
# Four times as long as the limiter's own filter.
REACH_FRAMES = 32
PEAK_TAPS = firwin(2 * REACH_FRAMES * OVERSAMPLING + 1, 1 / OVERSAMPLING, window=("kaiser", 8.0)).astype(np.float32)
PART_FRAMES = SAMPLE_RATE
# Sound rises by 3 dB between two samples, noise by a little more.
MOST_BETWEEN = 1.5
DECODED_SECONDS = 120
ENCODINGS = ((Format.MP3, 64), (Format.MP3, 128), (Format.OPUS, 96))

# Shape (frames, 2), full scale 1.0.
Sound = NDArray[np.float32]


def main() -> None:
    """Print a line a walk, and the peaks of both programmes before and after each encoding."""
    options = _options()
    with demo_soundscape() as (scape, sources):
        walks = [rendered_stroll(scape, sources, seed=seed, seconds=options.seconds) for seed in range(options.walks)]
    loudness = [lufs(_floats(walk)) for walk in walks]
    peaks = [true_peak_dbtp(_floats(walk)) for walk in walks]
    for number, (loud, peak) in enumerate(zip(loudness, peaks, strict=True)):
        print(f"walk {number}: {loud:.2f} LUFS, {peak:.2f} dBTP")
    loud_programme = rendered_programme(gain=LOUD)
    print(f"programme: {lufs(_floats(loud_programme)):.2f} LUFS, {true_peak_dbtp(_floats(loud_programme)):.2f} dBTP")
    excerpts = (walks[0][: DECODED_SECONDS * SAMPLE_RATE], loud_programme)
    decoded = {
        f"{format}_{bitrate}": max(sample_peak_db(decoded_again(sound, format, bitrate)) for sound in excerpts)
        for format, bitrate in ENCODINGS
    }
    print(
        f"loudness_lufs={np.mean(loudness):.2f} ({min(loudness):.2f} to {max(loudness):.2f}) "
        f"true_peak_dbtp={max(*peaks, true_peak_dbtp(_floats(loud_programme))):.2f} "
        + " ".join(f"decoded_{name}_dbfs={peak:.2f}" for name, peak in decoded.items())
    )


def lufs(sound: Sound) -> float:
    """Gated, ITU-R BS.1770-4."""
    return float(Meter(SAMPLE_RATE).integrated_loudness(sound))


def true_peak_dbtp(sound: Sound) -> float:
    """The highest of four times as many samples."""
    begins = np.arange(0, len(sound), PART_FRAMES)
    sample_peaks = np.maximum.reduceat(np.abs(sound).max(axis=1), begins)
    highest = 0.0
    for part in np.argsort(sample_peaks)[::-1]:
        if sample_peaks[part] * MOST_BETWEEN > highest:
            highest = max(highest, _peak_between(sound, int(begins[part])))
    return 20 * log10(highest)


def _peak_between(sound: Sound, begin: int) -> float:
    """Of a part; what lies around it is heard, but not asked, for it ends in a cut."""
    before = min(begin, 2 * REACH_FRAMES)
    around = sound[begin - before : begin + PART_FRAMES + 2 * REACH_FRAMES].T
    between = resample_poly(around, OVERSAMPLING, 1, axis=1, window=PEAK_TAPS)
    own = between[:, before * OVERSAMPLING : (before + PART_FRAMES) * OVERSAMPLING]
    return float(np.abs(own).max())


def sample_peak_db(sound: Sound) -> float:
    """The highest sample: what a sound card gets. Decoders give more than full scale when they must."""
    return 20 * log10(float(np.abs(sound).max()))


def decoded_again(sound: NDArray[np.int16], format: Format, bitrate: int) -> Sound:
    """What a player has of it."""
    encoder, strand = new_encoder(format, bitrate), FRAMINGS[format].strand()
    block = TICK_GRANULES * GRANULE_FRAMES
    chunks = [encoder.encode(sound[begin : begin + block]) for begin in range(0, len(sound), block)]
    stream = strand.begin() + b"".join(map(strand.follow, [*chunks, encoder.close()]))
    with av.open(io.BytesIO(stream)) as container:
        return np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)])


def _floats(sound: NDArray[np.int16]) -> Sound:
    return sound.astype(np.float32) / np.float32(FULL_SCALE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--walks", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=600)
    return parser.parse_args()


if __name__ == "__main__":
    main()
