"""What ingest has made of a file."""

from dataclasses import dataclass
from typing import Annotated, TypedDict

from msgspec import Meta

# 128 random bits: no client chose a name, and nobody guesses one.
FileName = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\.[a-z0-9]{3,4}$")]


class Waveform(TypedDict):
    """Peaks in the JSON form of audiowaveform, version 2: `data` is min, max, min, max… of `length` pixels.

    https://github.com/bbc/audiowaveform/blob/master/doc/DataFormat.md
    """

    version: int
    channels: int
    sample_rate: int
    samples_per_pixel: int
    bits: int
    length: int
    data: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """Finished files, by their names in the directory that was asked for; `original` may be `playable` itself.

    A recording's `playable` is a .wav, and an .mp3 and an .m4a of the same name lie beside it. `original` is what
    was sent, as it was coded then, in a new container without the metadata; its name cannot be told from the others'.
    """

    playable: FileName
    original: FileName
    files: tuple[FileName, ...]
    # Of `playable`.
    mime_type: str
    duration_seconds: float | None = None
    # What made it louder, or quieter.
    loudness_gain_db: float | None = None
    waveform: Waveform | None = None
    # What a text says.
    text: str | None = None
