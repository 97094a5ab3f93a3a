"""Why a source cannot sound. What its bytes are is judged by backend.decoding."""

from backend.errors import DomainError


class SourceRefused(DomainError):
    """The source lies where this server does not look: outside the media, or at an address that is not public."""

    code = "SOURCE_REFUSED"


class SourceUnreachable(DomainError):
    """The source is not there, or did not answer as it should."""

    code = "SOURCE_UNREACHABLE"


class SourceTooLarge(DomainError):
    """The source says that it is larger than what is fetched."""

    code = "SOURCE_TOO_LARGE"


class EndlessStream(DomainError):
    """The source has no end: a radio stream cannot be looped."""

    code = "ENDLESS_STREAM"
