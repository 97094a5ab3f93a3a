"""How single values look in the old API: lines and numbers."""

from typing import Any

NO_LINES = {"type": "MultiLineString", "coordinates": ()}


def line(value: dict[str, Any] | None) -> dict[str, Any] | None:
    """Lines that are only one as a LineString, which is what web clients measure distances to."""
    if value is None or value["type"] != "MultiLineString" or len(value["coordinates"]) != 1:
        return value
    return {"type": "LineString", "coordinates": value["coordinates"][0]}


def whole(value: float | None) -> float | None:
    """A number that clients read as an integer, where it is one."""
    return int(value) if value is not None and value == int(value) else value


def number(value: str | None) -> float | None:
    """What a client wrote for a number, as one: maps place no text. None for what is none."""
    try:
        return None if value is None else float(value)
    except ValueError:
        return None
