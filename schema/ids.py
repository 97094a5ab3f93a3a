"""Global ids: a type's name and a key, opaque to clients; the bare key of the old API is understood too."""

import binascii
from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from strawberry.relay.utils import from_base64

from backend.errors import NotFound
from backend.resources.resource import Resource


def global_id(type_name: str, key: object) -> str:
    """The id of a row."""
    return b64encode(f"{type_name}:{key}".encode()).decode()


def parts(given: str) -> tuple[str, str] | None:
    """The type's name and the key; None when it is no global id."""
    try:
        type_name, key = from_base64(given)
    except (ValueError, binascii.Error):
        return None
    return (type_name, key) if type_name.isidentifier() else None


def key_of(resource: Resource[Any], given: str, *, field: str | None = None) -> str:
    """The key of a row that an argument names. Raises NotFound when the id is one of another type."""
    named = parts(given)
    if named is None:
        return given
    type_name, key = named
    if type_name != resource.model.__name__:
        raise NotFound(f"{resource.model._meta.verbose_name} not found.".capitalize(), field=field)
    return key


def keys_of(resource: Resource[Any], given: Iterable[str] | None, *, field: str) -> list[str]:
    """The keys of rows that an argument lists; none when it is left out. Raises NotFound as `key_of` does."""
    return [key_of(resource, each, field=field) for each in given or ()]
