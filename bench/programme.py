"""What all contenders mix: two loops and two spoken clips of the demo, a minute of each, as MP3 (or WAV) files.

MP3 at 192 kbit/s is how sounds lie on a server: whoever mixes with one process a listener decodes them for each, while
Earshot's bank decodes them once. With WAV files nobody decodes.
"""

import wave
from pathlib import Path

import av
import lameenc
import numpy as np
from numpy.typing import NDArray

SOUNDS = Path(__file__).resolve().parents[1] / "demo" / "sounds"
LOOPS = {"loop_a": "bed-senate.ogg", "loop_b": "bed-market.ogg"}
CLIPS = {"clip_a": "story-senate-en.mp3", "clip_b": "story-market-en.mp3"}
SAMPLE_RATE = 44_100
SECONDS = 60
FRAMES = SAMPLE_RATE * SECONDS
BITRATE_KBPS = 192


def write_programme(directory: Path, *, kind: str = "mp3") -> list[str]:
    """Four files of a minute; returns their names, the loops first."""
    names = []
    for name, samples in sounds().items():
        names.append(f"{name}.{kind}")
        (_write_mp3 if kind == "mp3" else _write_wav)(directory / names[-1], samples)
    return names


def sounds() -> dict[str, NDArray[np.int16]]:
    """The four by name, each int16, shape (frames, 2)."""
    return {name: _repeated(_read(SOUNDS / sound)) for name, sound in (LOOPS | CLIPS).items()}


def mix() -> NDArray[np.int16]:
    """The plain sum of the four, int16, shape (frames, 2): what a bare encoder is given."""
    total = sum(sound.astype(np.int32) for sound in sounds().values())
    return np.clip(total, -32768, 32767).astype(np.int16)


def _read(path: Path) -> NDArray[np.int16]:
    resampler = av.AudioResampler(format="s16", layout="stereo", rate=SAMPLE_RATE)
    with av.open(str(path)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in frames])


def _repeated(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    return np.resize(samples, (FRAMES, 2))


def _write_mp3(path: Path, samples: NDArray[np.int16]) -> None:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(2)
    encoder.set_bit_rate(BITRATE_KBPS)
    encoder.set_in_sample_rate(SAMPLE_RATE)
    path.write_bytes(encoder.encode(samples.tobytes()) + encoder.flush())


def _write_wav(path: Path, samples: NDArray[np.int16]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.tobytes())
