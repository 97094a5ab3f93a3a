"""What somebody does, said once in the language of each door; `{names}` are rows of the world."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class File:
    """A file that is handed in, made anew for each door."""

    name: str
    content: bytes

    def received(self) -> SimpleUploadedFile:
        """As Django gives it to both doors."""
        return SimpleUploadedFile(self.name, self.content)


@dataclass(frozen=True, slots=True)
class Rest:
    """A request below /api/2/, as `POST streams/`; names are the numbers of rows."""

    call: str
    body: Mapping[str, Any] | None = None
    format: str = "json"


@dataclass(frozen=True, slots=True)
class GraphQL:
    """A mutation with its input; names are global ids."""

    mutation: str
    input: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why nothing was done, as the domain says it (`code`, `field`) and as the old API does (`status`, `key`).

    A refusal changes nothing, but for a row of each of the resources that it `leaves`.
    """

    code: str
    field: str | None = None
    status: int
    key: str = "detail"
    leaves: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing that one of the cast does, or `somebody` without an account."""

    who: str
    does: str
    rest: Rest
    graphql: GraphQL
    refused: Refused | None = None

    def __str__(self) -> str:
        return f"{self.who} {self.does}"


def named(value: Any, name_of: Callable[[str], object]) -> Any:
    """The same with rows for their names: as they are where nothing but a name stands, else as text."""
    if isinstance(value, File):
        return value.received()
    if isinstance(value, Mapping):
        return {key: named(item, name_of) for key, item in value.items()}
    if isinstance(value, list):
        return [named(item, name_of) for item in value]
    if not isinstance(value, str):
        return value
    alone = NAME.fullmatch(value)
    return name_of(alone[1]) if alone else NAME.sub(lambda name: str(name_of(name[1])), value)


# Somebody without an account may only look.
SIGNED_OUT = Refused(code="NOT_AUTHENTICATED", status=401)


def invalid(field: str | None, key: str = "detail", *, code: str = "INVALID_INPUT") -> Refused:
    """The value is wrong."""
    return Refused(code=code, field=field, status=400, key=key)


def unknown(field: str) -> Refused:
    """There is no such row at this address, or none that they may know of."""
    return Refused(code="NOT_FOUND", field=field, status=404)


def unknown_within(field: str, key: str) -> Refused:
    """There is no such row, which the body names."""
    return Refused(code="NOT_FOUND", field=field, status=400, key=key)


def forbidden(field: str | None = None, key: str = "detail", *, leaves: frozenset[str] = frozenset()) -> Refused:
    """They may see it, but not do this to it."""
    return Refused(code="NOT_PERMITTED", field=field, status=403, key=key, leaves=leaves)
