"""`python -m bench.encoders`: CPU ms for a second of stream in each format, of the same mix in the same run."""

import argparse
import statistics
import time
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from audio_engine.encoding.encoder import Encoder
from audio_engine.encoding.formats import Format
from audio_engine.encoding.ogg_pages import PageNumbering
from audio_engine.render.resampling import Resampler
from audio_engine.session import new_encoder
from audio_engine.soundscape import GRANULE_FRAMES, TICK_GRANULES
from bench.peers import bare_lame
from bench.programme import SECONDS, mix

TICK_FRAMES = GRANULE_FRAMES * TICK_GRANULES


def main() -> None:
    """Print each one's median, and Opus at 96 kbit/s against MP3 at 128."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    samples = mix()
    contenders: dict[str, Callable[[], float]] = {
        "bare lameenc 128": partial(bare_lame, samples),
        "mp3 128": partial(cpu_ms, samples, Format.MP3, 128),
        "opus 96": partial(cpu_ms, samples, Format.OPUS, 96),
        "opus 48": partial(cpu_ms, samples, Format.OPUS, 48),
        "opus 128": partial(cpu_ms, samples, Format.OPUS, 128),
        "its resampling": partial(resampling_ms, samples),
    }
    for measure in contenders.values():
        # What is compiled at the first call is no part of a second of stream.
        measure()
    values: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(parser.parse_args().rounds):
        for name, measure in contenders.items():
            values[name].append(measure())
    for name, measured in values.items():
        print(f"{name:17} {statistics.median(measured):6.2f}   {[round(value, 2) for value in measured]}")
    ratios = [opus / lame for opus, lame in zip(values["opus 96"], values["mp3 128"], strict=True)]
    print(f"opus_96_vs_mp3_128={statistics.median(ratios):.3f}")


def cpu_ms(samples: NDArray[np.int16], format: Format, bitrate_kbps: int) -> float:
    """An encoder as the engine makes it, and what delivery does to its pages."""
    encoder = new_encoder(format, bitrate_kbps)
    numbering = PageNumbering(1)
    started = time.thread_time()
    for chunk in chunks(encoder, samples):
        if format is Format.OPUS:
            numbering.numbered(chunk)
    return (time.thread_time() - started) * 1000 / SECONDS


def chunks(encoder: Encoder, samples: NDArray[np.int16]) -> Iterable[bytes]:
    """Tick by tick."""
    return (encoder.encode(samples[at : at + TICK_FRAMES]) for at in range(0, len(samples), TICK_FRAMES))


def resampling_ms(samples: NDArray[np.int16]) -> float:
    """The part of Opus that is no encoding."""
    resampler = Resampler()
    started = time.thread_time()
    for at in range(0, len(samples), TICK_FRAMES):
        resampler.resample(samples[at : at + TICK_FRAMES])
    return (time.thread_time() - started) * 1000 / SECONDS


if __name__ == "__main__":
    main()
