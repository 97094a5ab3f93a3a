"""Broken rules: every one has a stable code that clients may rely on, and a sentence for a person."""


class DomainError(Exception):
    """A rule of the domain was broken.

    `code` is stable and public; `field` names the input that was wrong, in snake_case, or is None.
    """

    code = "DOMAIN_ERROR"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(DomainError):
    """The thing does not exist, or the viewer may not know that it does."""

    code = "NOT_FOUND"


class InvalidInput(DomainError):
    """A value is missing, malformed or out of its range."""

    code = "INVALID_INPUT"


class Conflict(DomainError):
    """Somebody else has changed the thing since the viewer read it."""

    code = "VERSION_CONFLICT"


class NotPermitted(DomainError):
    """The viewer may see the thing but may not do this to it."""

    code = "NOT_PERMITTED"


class NotAuthenticated(DomainError):
    """The call needs a token, and there was none or it is not valid."""

    code = "NOT_AUTHENTICATED"


class Unsupported(DomainError):
    """The value is understood but not offered here (yet)."""

    code = "UNSUPPORTED"


class EngineUnavailable(DomainError):
    """The audio engine did not answer before the deadline."""

    code = "ENGINE_UNAVAILABLE"
