"""A speaker's backup: what sounds when its first source fails."""

from collections.abc import Sequence

from audio_engine.soundscape import SourceKey, Sources, SourceState


def first_unbroken(keys: Sequence[SourceKey], sources: Sources) -> SourceKey | None:
    """The source to use of these, the preferred first: it may still be PENDING. None when all are broken.

    A backup is asked for, and so fetched, only when all before it are broken; when one is mended, it is used again.
    """
    return next((key for key in keys if sources.state(key) is not SourceState.BROKEN), None)
