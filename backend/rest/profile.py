"""What the clients of one mount are used to, besides the values themselves: its times, lists and refusals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rest_framework.pagination import PageNumberPagination

# What a refusal is about: a sentence, or sentences by the field that they concern.
Refusal = str | Mapping[str, Any]


class Pages(PageNumberPagination):
    """`page` and `page_size`: count, next, previous, results."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A mount. `wrapped` gives a whole list for its name; a page of one has the shape of `pages`."""

    moment: Callable[[datetime | None], Any]
    wrapped: Callable[[list[Any], str | None], Any]
    refused: Callable[[Refusal], Any]
    pages: type[PageNumberPagination] = Pages


def _moment(value: datetime | None) -> str | None:
    """A time in UTC; without a zone, which iOS could not read."""
    return None if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def _wrapped(records: list[Any], name: str | None) -> Any:
    """Bare, unless the client asked for the name that the document puts around it."""
    return records if name is None else {name: records}


def _refused(refusal: Refusal) -> Any:
    """`{"detail": …}`, or the field's own name with a list."""
    return {"detail": refusal} if isinstance(refusal, str) else refusal


API_2 = Profile(moment=_moment, wrapped=_wrapped, refused=_refused)
