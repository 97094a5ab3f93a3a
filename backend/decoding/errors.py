"""Why a file gives no sound."""

from backend.errors import DomainError


class UnreadableAudio(DomainError):
    """The file is not audio that can be decoded here."""

    code = "UNREADABLE_AUDIO"


class AudioTooLong(DomainError):
    """The file lasts longer than is allowed where it is used."""

    code = "AUDIO_TOO_LONG"
