"""Every bound of ingest, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IngestLimits:
    """What one file may be, and what it may ask of the machine."""

    # Decoded ones, whatever the file claims.
    seconds: float = 3_600.0
    bytes: int = 100_000_000
    pixels: int = 50_000_000
    text_bytes: int = 65_536
    # Below the 120 s that a door waits for an upload.
    cpu_seconds: int = 90
    wall_seconds: int = 110


# Files that are worked on at a time. The engine's beat has the rest of the machine.
WORKERS = 2
# Of address space, the libraries' own 0.4 GB among them.
MEMORY_BYTES = 2 << 30
# On top of `wall_seconds`, until a worker that does not answer is killed from outside: a new one loads its libraries.
GRACE_SECONDS = 30.0
# The longest side of a photo that is given out.
PHOTO_SIDE_PIXELS = 4_096
WAVEFORM_POINTS = 1_000
