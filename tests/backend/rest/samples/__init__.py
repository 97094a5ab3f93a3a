"""The samples of the old API's document, and those that complete it: a file a resource.

A sample is a `call` (`{names}` are ids of the world), where it is `from`, `who` sends it, what they `send` in which
`format`, the `status`, and the `answer` as it is printed there. What is ruled otherwise stands beside it, for one
sample or for a whole file, each with its reason:

* `rulings`: by key; another `key`, another `value`, `gone`, or for the whole `answer` what is `within` one of its keys.
* `more`: the keys that the document lacks, by the key of the object that has them (`answer` is the outermost).
* `reads`: the name under which something sent is shown; null where it is not shown.
* `again`: where the row is read again after it was written; null where there is no row to read.
* `outsider`: who may not send it, where that is not the one who comes closest.
* `open`: anybody may send it. `open_keys`: the answer may have keys that the sample leaves out.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Who comes closest to one of those who may, and may not.
OUTSIDERS = {"curator": "contributor", "contributor": "stranger", "nobody": "nobody"}
NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True, repr=False)
class Sample:
    """One request with its documented answer."""

    resource: str
    call: str
    source: str
    who: str
    status: int
    answer: Any = None
    format: str | None = None
    send: Mapping[str, Any] = field(default_factory=dict)
    rulings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    more: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reads: Mapping[str, str | None] = field(default_factory=dict)
    again: str | None
    outsider: str
    open: bool = False
    open_keys: bool = False

    def __repr__(self) -> str:
        return f"{self.call}{f' {self.format}' if self.format else ''} ({self.source})"

    @property
    def method(self) -> str:
        """As in `GET`."""
        return self.call.split(" ", 1)[0]

    @property
    def path(self) -> str:
        """Below /api/2/, with the query."""
        return self.call.split(" ", 1)[1]

    @property
    def asks_for(self) -> str | None:
        """The name of the row that is read or changed, if it is one row."""
        row = re.match(rf"{self.resource}/{{(\w+)}}/?(\?|$)", self.path)
        return row[1] if row and (self.again or "").startswith(f"{self.resource}/") else None

    @property
    def has_a_file(self) -> bool:
        """Then it comes as multipart."""
        return any(isinstance(value, dict) and "upload" in value for value in self.send.values())

    @property
    def is_json_alone(self) -> bool:
        """Forms have no null."""
        return None in self.send.values()

    @property
    def expected(self) -> Any:
        """The documented answer as it was ruled."""
        whole = self.rulings.get("answer", {})
        answer = whole.get("value", self.answer)
        return self._ruled(answer[whole["within"]] if "within" in whole else answer, "answer")

    def _ruled(self, value: Any, place: str) -> Any:
        if isinstance(value, list):
            return [self._ruled(item, place) for item in value]
        if not isinstance(value, dict):
            return value
        kept = {key: item for key, item in value.items() if not self.rulings.get(key, {}).get("gone")}
        return {**self.more.get(place, {})} | dict(self._renamed(key, item) for key, item in kept.items())

    def _renamed(self, key: str, value: Any) -> tuple[str, Any]:
        ruling = self.rulings.get(key, {})
        return ruling.get("key", key), ruling.get("value", self._ruled(value, key))


def named(value: Any, ids: Mapping[str, int]) -> Any:
    """What a sample sends, with ids for names: numbers where nothing but a name stands, else text."""
    if isinstance(value, dict):
        return {key: named(item, ids) for key, item in value.items()}
    if isinstance(value, list):
        return [named(item, ids) for item in value]
    if not isinstance(value, str):
        return value
    alone = NAME.fullmatch(value)
    return ids[alone[1]] if alone else NAME.sub(lambda name: str(ids[name[1]]), value)


def _samples(path: Path) -> list[Sample]:
    of_all = json.loads(path.read_text())
    given = of_all.pop("samples")
    return [_sample(path.stem, of_all, **sample) for sample in given]


def _sample(resource: str, of_all: Mapping[str, Any], **given: Any) -> Sample:
    """What is said of one sample replaces what is said of all, but for names, which are added."""
    given["source"] = given.pop("from")
    given["reads"] = {**of_all.get("reads", {}), **given.get("reads", {})}
    given.setdefault("outsider", OUTSIDERS[given["who"]])
    method, path = given["call"].split(" ", 1)
    # What was deleted is looked for where it was.
    again = path if method == "DELETE" else of_all.get("again", f"{resource}/{{id}}/")
    return Sample(resource=resource, **{**of_all, "again": again, **given})


SAMPLES = [sample for path in sorted(Path(__file__).parent.glob("*.json")) for sample in _samples(path)]
