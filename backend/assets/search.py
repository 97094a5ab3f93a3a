"""Words sought in a project: in what assets say of themselves, in every language, and in its tags; best first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import F, Model, Q, QuerySet, Value

from backend.assets.models import Asset
from backend.assets.resources import ASSET
from backend.errors import InvalidInput
from backend.projects.models import Project
from backend.projects.queries import project, project_rows
from backend.resources.spelling import contains
from backend.resources.viewer import Viewer
from backend.tagging.models import Tag
from backend.tagging.resources import TAG

MOST_LETTERS = 200
MOST_WORDS = 5
LEAST_LETTERS_OF_A_WORD = 2
PUNCTUATION = ".,;:!?\"'()[]{}«»„“”‘’¿¡"
# Of more texts than these that hold the words, the later ones of the poorer sources are not looked at.
MOST_CANDIDATES = 1_000
EXCERPT_LETTERS = 160


class Found(StrEnum):
    """What was found."""

    ASSET = "asset"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing, how well it fits (0..1), and an excerpt of the text that fits best."""

    found: Found
    key: int
    rank: float
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A column of texts to seek in; `key` leads to what the text belongs to. A better source weighs more."""

    found: Found
    weight: float
    table: type[Model]
    key: str
    column: str


SOURCES = (
    Source(Found.ASSET, 1.0, Asset, "pk", "description"),
    Source(Found.ASSET, 0.9, Asset.description_texts.through, "asset", "localizedstring__text"),
    Source(Found.ASSET, 0.9, Asset.alt_texts.through, "asset", "localizedstring__text"),
    Source(Found.TAG, 0.8, Tag, "pk", "value"),
    Source(Found.TAG, 0.8, Tag.message_texts.through, "tag", "localizedstring__text"),
)
WHOLE, BEGINNING, INSIDE = 1.0, 0.7, 0.4


def search(project_id: object, text: str, viewer: Viewer, *, most: int) -> list[Hit]:
    """What the viewer may see and what has all the words in one of its texts.

    Raises InvalidInput for a text without words to seek, and NotFound for the project.
    """
    words = checked_words(text)
    candidates = _texts(project_rows(project_id, viewer), words, viewer)
    if not candidates:
        # Nothing found and no such project are told apart only when there is nothing.
        project(project_id, viewer)
    best: dict[tuple[Found, int], Hit] = {}
    for number, key, found_text in candidates:
        hit = _hit(SOURCES[number], key, found_text, words)
        known = best.get((hit.found, hit.key))
        if known is None or hit.rank > known.rank:
            best[hit.found, hit.key] = hit
    return sorted(best.values(), key=lambda hit: (-hit.rank, hit.found, hit.key))[:most]


def checked_words(text: str) -> tuple[str, ...]:
    """The words to seek, each once. Raises InvalidInput."""
    if len(text) > MOST_LETTERS:
        raise InvalidInput(f"Seek no more than {MOST_LETTERS} letters.", field="text")
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InvalidInput("This is not a text.", field="text")
    pieces = (piece.strip(PUNCTUATION).lower() for piece in text.split())
    words = tuple(dict.fromkeys(word for word in pieces if len(word) >= LEAST_LETTERS_OF_A_WORD))
    if not words:
        raise InvalidInput(f"Seek a word of {LEAST_LETTERS_OF_A_WORD} letters or more.", field="text")
    if len(words) > MOST_WORDS:
        raise InvalidInput(f"Seek no more than {MOST_WORDS} words.", field="text")
    return words


def _texts(of: QuerySet[Project], words: Iterable[str], viewer: Viewer) -> QuerySet[Any, tuple[int, int, str]]:
    """Texts with all the words: the number of their source, the key of what has them, and the text; one statement."""
    visible = {
        Found.ASSET: ASSET.rows(viewer).filter(project__in=of).values("pk"),
        Found.TAG: TAG.rows(viewer).filter(project__in=of).values("pk"),
    }
    legs = [
        source.table._default_manager.filter(
            _holds(source.column, words), **{f"{source.key}__in": visible[source.found]}
        )
        .order_by()
        .annotate(source=Value(number), key=F(source.key), found=F(source.column))
        .values_list("source", "key", "found")
        for number, source in enumerate(SOURCES)
    ]
    every: QuerySet[Any, tuple[int, int, str]] = legs[0].union(*legs[1:], all=True)
    return every.order_by("source", "key")[:MOST_CANDIDATES]


def _holds(column: str, words: Iterable[str]) -> Q:
    return reduce(and_, (contains(column, word) for word in words))


def _hit(source: Source, key: int, text: str, words: tuple[str, ...]) -> Hit:
    fits = [_fit(word, text) for word in words]
    rank = source.weight * sum(fits) / len(fits)
    return Hit(source.found, key, round(rank, 4), _excerpt(text, words[0]))


def _fit(word: str, text: str) -> float:
    """Whether it stands there as a word of its own, begins one, or stands within one."""
    sought = re.escape(word)
    if re.search(rf"(?<!\w){sought}(?!\w)", text, re.IGNORECASE):
        return WHOLE
    return BEGINNING if re.search(rf"(?<!\w){sought}", text, re.IGNORECASE) else INSIDE


def _excerpt(text: str, word: str) -> str:
    """The text around the word, when it is too long to be shown whole."""
    if len(text) <= EXCERPT_LETTERS:
        return text
    found = re.search(re.escape(word), text, re.IGNORECASE)
    start = max(0, (found.start() if found else 0) - EXCERPT_LETTERS // 2)
    start = min(start, len(text) - EXCERPT_LETTERS)
    middle = text[start : start + EXCERPT_LETTERS].strip()
    return ("…" if start > 0 else "") + middle + ("…" if start + EXCERPT_LETTERS < len(text) else "")
