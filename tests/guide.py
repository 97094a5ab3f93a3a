"""The guides of docs/ as their tests read them: what they ask, what they type into a shell, and their tables."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
GUIDE = DOCS / "graphql.md"
REST_GUIDE = DOCS / "rest.md"
REALTIME_GUIDE = DOCS / "realtime.md"
FENCE = re.compile(r"^```(\w+) *(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
HEADING = re.compile(r"^##+ (.*)$", re.MULTILINE)
CELL = re.compile(r"^\| *`(.+?)` *\|(.*)\|$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the words behind it, its text and the line that it begins at."""

    language: str
    words: tuple[str, ...]
    text: str
    line: int


@dataclass(frozen=True)
class Example:
    """A document, who asks it (`contributor`), with which header, and the code of the error that it gets, if any."""

    document: str
    who: str
    line: int
    code: str | None = None
    accept_language: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"line {self.line}"


def blocks(language: str | None = None, *, guide: Path = GUIDE) -> list[Block]:
    """All of a guide, or those in one language."""
    text = guide.read_text()
    found = [
        Block(match[1], tuple(match[2].split()), match[3], text.count("\n", 0, match.start()) + 1)
        for match in FENCE.finditer(text)
    ]
    return [block for block in found if language in (None, block.language)]


def examples(guide: Path = GUIDE) -> list[Example]:
    """The graphql blocks: behind each stand the variables and the answer, as JSON, where it has any."""
    return list(_examples(guide))


def _examples(guide: Path) -> Iterator[Example]:
    standing = blocks(guide=guide)
    for place, block in enumerate(standing):
        if block.language == "graphql":
            who, *more = block.words
            beside = _beside(standing[place + 1 :])
            yield Example(
                document=block.text,
                who=who,
                line=block.line,
                code=next((word for word in more if word.isupper()), None),
                accept_language=next((word.partition(":")[2] for word in more if ":" in word), ""),
                variables=beside.get((), {}),
                answer=beside.get(("answer",)),
                extensions=beside.get(("extensions",)),
            )


def _beside(following: list[Block]) -> dict[tuple[str, ...], Any]:
    """The JSON that follows a block at once, by its words."""
    return {block.words: json.loads(block.text) for block in takewhile(lambda each: each.language == "json", following)}


def filled(value: Any, places: Mapping[str, str]) -> Any:
    """JSON in which real ids stand for those in capitals."""
    if isinstance(value, dict):
        return {name: filled(each, places) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, places) for each in value]
    return places.get(value, value) if isinstance(value, str) else value


def table(heading: str, *, guide: Path = GUIDE) -> dict[str, str]:
    """The first cell of each row below a heading, without its backticks, and the rest of the row."""
    _, *sections = HEADING.split(guide.read_text())
    text = dict(zip(sections[::2], sections[1::2], strict=True))[heading]
    return dict(CELL.findall(text))
