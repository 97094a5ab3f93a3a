"""`python -m bench.ingest`: what a minute of each kind of recording costs, and how long hostile files take to refuse.

Beside it, in the same run: bare decoding and LAME, and ffmpeg's tool, which measures, then writes the same files.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import av
import lameenc

from backend.assets.ingest.apart import Workers
from backend.assets.ingest.here import ingest_here
from backend.assets.ingest.limits import IngestLimits
from backend.assets.ingest.loudness import TARGET_LUFS
from backend.assets.ingest.writing import AAC_CODER, BITRATE_KBPS, LAME_QUALITY
from backend.decoding.decode import SAMPLE_RATE, decode
from backend.errors import DomainError
from bench.hostile import HOSTILE, Hostile, write_canary
from bench.hostile import SECONDS as ALLOWED_SECONDS
from bench.programme import SECONDS, write_programme

# Suffix, FFmpeg's container and coder, samples a second.
KINDS = (
    ("wav", "wav", "pcm_s16le", 44_100),
    ("flac", "flac", "flac", 44_100),
    ("mp3", "mp3", "libmp3lame", 44_100),
    ("m4a", "ipod", "aac", 44_100),
    ("ogg", "ogg", "libopus", 48_000),
    ("webm", "webm", "libopus", 48_000),
)
LIMITS = IngestLimits(seconds=ALLOWED_SECONDS)


def main() -> None:
    """Print each kind's medians, each refusal, and the ratios."""
    options = _options()
    directory = Path(tempfile.mkdtemp(prefix="earshot-bench-"))
    try:
        ratios = [_recording(path, options.rounds) for path in _recordings(directory)]
        worst_ms = _refusals(directory, options.rounds)
    finally:
        shutil.rmtree(directory)
    known = [ratio for ratio in ratios if ratio is not None]
    versus = f"{statistics.median(known):.2f}" if known else "na"
    print(f"worst_refusal_ms={worst_ms:.0f} ingest_vs_ffmpeg={versus}")


def _recordings(directory: Path) -> list[Path]:
    """A minute of speech in stereo, in each kind."""
    spoken = directory / write_programme(directory, kind="wav")[2]
    return [_converted(spoken, directory / f"minute.{suffix}", *how) for suffix, *how in KINDS]


def _converted(source: Path, path: Path, container: str, codec: str, rate: int) -> Path:
    with av.open(str(source)) as sound, av.open(str(path), "w", format=container) as made:
        stream = made.add_stream(codec, rate=rate)
        stream.layout = "stereo"
        for frame in sound.decode(audio=0):
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return path


def _recording(path: Path, rounds: int) -> float | None:
    """Prints what one kind costs; returns ours over ffmpeg's, None without it."""
    contenders: dict[str, Callable[[Path, Path], float | None]] = {
        "ours": _ours,
        "decode + lame": _decode_and_lame,
        "ffmpeg": _ffmpeg,
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, measure in contenders.items():
            with tempfile.TemporaryDirectory(dir=path.parent) as into:
                if (ms := measure(path, Path(into))) is not None:
                    times[name].append(ms / SECONDS)
    medians = {name: statistics.median(each) for name, each in times.items() if each}
    shown = "   ".join(f"{name} {ms:6.1f}" for name, ms in medians.items())
    print(f"{path.suffix[1:]:5} {shown}   ms CPU per second of sound")
    return medians["ours"] / medians["ffmpeg"] if "ffmpeg" in medians else None


def _ours(path: Path, into: Path) -> float:
    began = time.process_time()
    ingest_here(path, kind="audio", into=into, limits=LIMITS, progress=lambda stage: None)
    return (time.process_time() - began) * 1000


def _decode_and_lame(path: Path, into: Path) -> float:
    began = time.process_time()
    samples = BytesIO()
    decoded = decode(path, samples)
    lame = lameenc.Encoder()
    lame.silence()
    lame.set_channels(decoded.channels)
    lame.set_bit_rate(BITRATE_KBPS)
    lame.set_in_sample_rate(SAMPLE_RATE)
    lame.set_quality(LAME_QUALITY)
    (into / "a.mp3").write_bytes(lame.encode(samples.getvalue()) + lame.flush())
    return (time.process_time() - began) * 1000


def _ffmpeg(path: Path, into: Path) -> float | None:
    """Once to measure, once to write, as its own handbook does it; it trims nothing and draws no waveform."""
    if shutil.which("ffmpeg") is None:
        return None
    measured, first_ms = _run("-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-")
    lufs = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", measured)[-1])
    form = ["-af", f"volume={TARGET_LUFS - lufs:.2f}dB", "-ar", str(SAMPLE_RATE)]
    rate = ["-b:a", f"{BITRATE_KBPS}k"]
    wav = [*form, "-c:a", "pcm_s16le", str(into / "a.wav")]
    mp3 = [*form, "-c:a", "libmp3lame", *rate, "-compression_level", str(LAME_QUALITY), str(into / "a.mp3")]
    m4a = [*form, "-c:a", "aac", "-aac_coder", AAC_CODER, *rate, "-movflags", "+faststart", str(into / "a.m4a")]
    return first_ms + _run("-i", str(path), *wav, *mp3, *m4a)[1]


def _run(*arguments: str) -> tuple[str, float]:
    """What ffmpeg says, and its CPU in milliseconds."""
    command = ["ffmpeg", "-nostdin", "-hide_banner", *arguments]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        if process.returncode != 0:
            raise RuntimeError(said.read())
        return said.read(), (usage.ru_utime + usage.ru_stime) * 1000


def _refusals(directory: Path, rounds: int) -> float:
    """Prints how long each hostile file takes, as a caller waits for it; returns the longest median."""
    workers, medians = Workers(1), []
    try:
        _warm_up(workers, directory)
        for hostile in HOSTILE:
            path = hostile.write(directory)
            medians.append(statistics.median(_refusal_ms(workers, hostile, path) for _ in range(rounds)))
            print(f"{hostile.name:22} {hostile.code:18} {medians[-1]:6.1f} ms")
            path.unlink()
    finally:
        workers.close()
    return max(medians)


def _warm_up(workers: Workers, directory: Path) -> None:
    """The first file waits until the worker has loaded its libraries."""
    began = time.monotonic()
    workers.ingest(write_canary(directory), kind="audio", into=directory, limits=LIMITS, progress=lambda stage: None)
    print(f"the first file, with the worker's start: {time.monotonic() - began:.1f} s", file=sys.stderr)


def _refusal_ms(workers: Workers, hostile: Hostile, path: Path) -> float:
    began = time.monotonic()
    try:
        workers.ingest(path, kind=hostile.kind, into=path.parent, limits=LIMITS, progress=lambda stage: None)
    except DomainError as refusal:
        if refusal.code != hostile.code:
            raise
        return (time.monotonic() - began) * 1000
    raise RuntimeError(f"{hostile.name} was taken")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
