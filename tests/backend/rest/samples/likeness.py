"""Whether an answer is like a sample of it, and says what was sent."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

ZONELESS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?")
IDS = ("id", "_id", "_ids")


def differences(sample: Any, answer: Any, place: str = "answer", *, may_have_more: bool = False) -> list[str]:
    """What is not as in the sample: keys, types, and null where the sample has something; none is the aim.

    Null in a sample is of any type, an empty list of any length. Of the items of a list each is like one of the
    sample's.
    """
    if isinstance(sample, dict):
        return [*_of_object(sample, answer, place, may_have_more)]
    if isinstance(sample, list):
        return [*_of_list(sample, answer, place, may_have_more)]
    return [] if sample is None or _is_like(sample, answer, place) else [f"{place}: {answer!r}, not as {sample!r}"]


def _of_object(sample: Mapping[str, Any], answer: Any, place: str, may_have_more: bool) -> Iterator[str]:
    if not isinstance(answer, dict):
        yield f"{place}: {answer!r} is no object"
        return
    missing, added = sample.keys() - answer.keys(), answer.keys() - sample.keys()
    if missing:
        yield f"{place}: lacks {sorted(missing)}"
    if added and not may_have_more:
        yield f"{place}: has {sorted(added)} besides"
    for key in sample.keys() & answer.keys():
        if key == "type" and "coordinates" in sample:
            yield from [] if sample[key] == answer[key] else [f"{place}: a {answer[key]}, not a {sample[key]}"]
        else:
            yield from differences(sample[key], answer[key], f"{place}.{key}")


def _of_list(sample: list[Any], answer: Any, place: str, may_have_more: bool) -> Iterator[str]:
    if not isinstance(answer, list):
        yield f"{place}: {answer!r} is no list"
        return
    if sample and not answer:
        yield f"{place}: is empty"
    for item in answer if sample else []:
        yield from _from_the_closest(sample, item, place, may_have_more)


def _from_the_closest(samples: list[Any], item: Any, place: str, may_have_more: bool) -> list[str]:
    found: list[list[str]] = []
    for one in samples:
        found.append(differences(one, item, place, may_have_more=may_have_more))
        if not found[-1]:
            break
    return min(found, key=len)


def _is_like(sample: Any, answer: Any, place: str) -> bool:
    if isinstance(sample, bool) or isinstance(answer, bool):
        return isinstance(sample, bool) and isinstance(answer, bool)
    if isinstance(sample, int | float):
        return isinstance(answer, int if place.endswith(IDS) else int | float)
    if not isinstance(answer, str):
        return False
    if ZONELESS.fullmatch(sample):
        return ZONELESS.fullmatch(answer) is not None
    return answer.startswith("http") if sample.startswith("http") else True


def unsaid(sent: Mapping[str, Any], reads: Mapping[str, str | None], answer: Mapping[str, Any]) -> list[str]:
    """What was sent and is not what the answer shows of it."""
    shown = {name: reads.get(name, name) for name in sent}
    return [
        f"{name}: sent {sent[name]!r}, shown {answer.get(key, 'nothing')!r}"
        for name, key in shown.items()
        if key is not None and not (key in answer and _says(answer[key], sent[name]))
    ]


def _says(shown: Any, sent: Any) -> bool:
    if isinstance(shown, list):
        return sorted(_ids(shown)) == sorted(_ids(sent))
    if isinstance(shown, bool):
        return str(shown).lower() == str(sent).lower()
    if isinstance(shown, int | float):
        return abs(shown - float(sent)) < 1e-9
    if isinstance(shown, str):
        return _is_text_of(shown, sent)
    return shown == (_from_text(sent) if isinstance(sent, str) else sent)


def _is_text_of(shown: str, sent: Any) -> bool:
    if ZONELESS.fullmatch(shown):
        return _in_utc(shown) == _in_utc(sent)
    return shown == (",".join(map(str, sent)) if isinstance(sent, list) else str(sent))


def _ids(value: Any) -> list[int]:
    """The ids of `"3,4"`, `[3, 4]`, `3` or of rows."""
    if isinstance(value, str | int):
        return [int(word) for word in str(value).split(",") if word]
    return [item["id"] if isinstance(item, dict) else int(item) for item in value]


def _from_text(sent: str) -> Any:
    """What a form says of an object, or of nothing."""
    return json.loads(sent) if sent else None


def _in_utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
