"""What the bank says of itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the bank has: open, on disk, in preparation, and not to be had."""

    mapped_bytes: int
    mapped_sounds: int
    disk_bytes: int
    disk_sounds: int
    pending_sources: int
    broken_sources: int
    breakages: int
