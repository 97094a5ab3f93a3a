"""What others need for the same mix: CPU milliseconds per second of stream, or None where one is not installed."""

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import lameenc
import numpy as np
from numpy.typing import NDArray

from bench.programme import SAMPLE_RATE, SECONDS

BITRATE = 128
QUALITY = 7
# A ticker's block: what the engine hands to its encoders.
BLOCK_BYTES = 9_216 * 4


def bare_lame(samples: NDArray[np.int16]) -> float:
    """lameenc alone, on the mix made beforehand."""
    data = samples.tobytes()
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(2)
    encoder.set_bit_rate(BITRATE)
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_out_sample_rate(SAMPLE_RATE)
    encoder.set_quality(QUALITY)
    started = time.thread_time()
    for offset in range(0, len(data), BLOCK_BYTES):
        encoder.encode(data[offset : offset + BLOCK_BYTES])
    return (time.thread_time() - started) * 1000 / SECONDS


def gstreamer(paths: Sequence[Path]) -> float | None:
    """audiomixer and lamemp3enc at its fast quality, in a process of its own, as fast as it can."""
    branches = " ".join(f"filesrc location={path} ! decodebin ! audioconvert ! audioresample ! mix." for path in paths)
    encoder = f"lamemp3enc target=bitrate cbr=true bitrate={BITRATE} encoding-engine-quality=fast"
    pipeline = (
        f"audiomixer name=mix ! audio/x-raw,rate=44100,channels=2 ! audioconvert ! {encoder} ! fakesink {branches}"
    )
    return _cpu(["gst-launch-1.0", "-q", *pipeline.split()])


def ffmpeg(paths: Sequence[Path]) -> float | None:
    """amix and libmp3lame at compression level 7, in a process of its own, as fast as it can."""
    inputs = [word for path in paths for word in ("-i", str(path))]
    output = ["-c:a", "libmp3lame", "-b:a", f"{BITRATE}k", "-compression_level", str(QUALITY), "-ar", "44100"]
    mix = ["-filter_complex", "amix=inputs=4:normalize=0"]
    return _cpu(["ffmpeg", "-nostdin", "-loglevel", "error", *inputs, *mix, *output, "-ac", "2", "-f", "mp3", "-"])


def _cpu(command: list[str]) -> float | None:
    if shutil.which(command[0]) is None:
        return None
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return (usage.ru_utime + usage.ru_stime) * 1000 / SECONDS
