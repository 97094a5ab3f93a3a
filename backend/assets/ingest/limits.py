"""Every bound of ingest, in one place."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IngestLimits:
    """What one file may be, and what it may ask of the machine."""

    # Decoded ones, whatever the file claims.
    seconds: float = 3_600.0
    bytes: int = 100_000_000
    pixels: int = 50_000_000
    text_bytes: int = 65_536
    # Several times what a photo of the most pixels takes.
    base_cpu_seconds: float = 30.0
    # Twice what a second of sound takes.
    cpu_seconds_per_second: float = 0.1

    @property
    def cpu_seconds(self) -> int:
        """What a file's own process may use."""
        return math.ceil(self.base_cpu_seconds + self.cpu_seconds_per_second * self.seconds)

    @property
    def wall_seconds(self) -> int:
        """How long it may take: others work on this machine, too."""
        return 2 * self.cpu_seconds


# Files that are worked on at a time. The engine's beat has the rest of the machine.
WORKERS = 2
# Of address space, the libraries' own 0.4 GB among them.
MEMORY_BYTES = 2 << 30
# On top of `wall_seconds`, until a worker that does not answer is killed from outside: a new one loads its libraries.
GRACE_SECONDS = 30.0
# The longest side of a photo that is given out.
PHOTO_SIDE_PIXELS = 4_096
WAVEFORM_POINTS = 1_000
