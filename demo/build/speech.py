"""Stories spoken by espeak-ng, in a small room."""

import io
import subprocess

import numpy as np
import soundfile

from demo.build.signal import Signal

# What espeak-ng writes.
RATE = 22_050
HEADER_BYTES = 44

VOICES = {
    ("en", "woman"): "en-gb+f2",
    ("en", "man"): "en-us+m3",
    ("fi", "woman"): "fi+f2",
    ("fi", "man"): "fi+m3",
}
WORDS_PER_MINUTE = 162


def spoken(text: str, language: str, voice: str) -> Signal:
    """The text as speech: one channel, at this module's rate."""
    wav = subprocess.run(
        ["espeak-ng", "--stdout", "-v", VOICES[language, voice], "-s", str(WORDS_PER_MINUTE), "-g", "4", "--stdin"],
        input=text.encode(),
        capture_output=True,
        check=True,
    ).stdout
    # Its header counts no frames when it writes to a pipe, so the samples are read without it.
    raw, _ = soundfile.read(io.BytesIO(wav[HEADER_BYTES:]), samplerate=RATE, channels=1, format="RAW", subtype="PCM_16")
    return in_a_room(raw)[:, None]


def in_a_room(dry: Signal) -> Signal:
    """The voice with half a second of faint echo: dry speech sounds like a machine."""
    random = np.random.default_rng(1)
    t = np.arange(RATE // 2) / RATE
    echo = random.standard_normal(len(t)) * np.exp(-t / 0.09) * 0.012
    echo[0] = 1.0
    frames = len(dry) + len(echo)
    return np.asarray(np.fft.irfft(np.fft.rfft(dry, frames) * np.fft.rfft(echo, frames), frames))
