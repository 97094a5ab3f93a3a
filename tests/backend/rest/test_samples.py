"""Every sample request of the document, and of what completes it, is sent; the answers are as they are shown there."""

import mimetypes
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backend.accounts.models import User
from backend.bus.codec import Topic
from backend.bus.commands import DescribeStream
from backend.bus.replies import StreamDescription
from tests.backend.decoding.recordings import tone, write_wav
from tests.backend.rest.conftest import Caller
from tests.backend.rest.samples import SAMPLES, Sample, named
from tests.backend.rest.samples.likeness import differences, unsaid
from tests.backend.rest.world import World, make_world
from tests.cast import Cast, Walk
from tests.fakes import RecordingBus
from tests.unchanged import nothing_changes

# Of each file: samples that the document prints, and all.
COUNTS = {
    "assets": (7, 16),
    "audiotracks": (5, 7),
    "envelopes": (4, 8),
    "events": (3, 5),
    "languages": (5, 5),
    "listenevents": (2, 7),
    "localizedstrings": (5, 6),
    "projectgroups": (0, 6),
    "projects": (5, 6),
    "sessions": (3, 8),
    "speakers": (5, 7),
    "streams": (10, 13),
    "tagcategories": (5, 5),
    "tagrelationships": (5, 6),
    "tags": (6, 8),
    "timedassets": (5, 6),
    "uiconfig": (1, 1),
    "uielementnames": (0, 5),
    "uielements": (0, 6),
    "uigroups": (6, 7),
    "uiitems": (5, 6),
    "users": (2, 7),
    "votes": (7, 12),
}


@pytest.fixture
def world(walk: Walk, cast: Cast, quick_passwords: None, settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return make_world(walk, cast)


@pytest.fixture
def callers(world: World, caller: Callable[[User | None], Caller]) -> Callable[[str], Caller]:
    """The calls of somebody by name."""
    made = {name: partial(caller, user) for name, user in world.people.items()} | {"nobody": caller}
    return lambda name: made[name]()


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_wav(tmp_path_factory.mktemp("sound") / "a.wav", tone(440, seconds=0.2)).read_bytes()


@pytest.fixture
def fire(world: World, recording: bytes) -> Callable[[Sample, Caller], Any]:
    """Sends a sample as somebody."""

    def act(sample: Sample, caller: Caller) -> Any:
        call = partial(getattr(caller.http, sample.method.lower()), f"/api/2/{named(sample.path, world.ids)}")
        with caller.commits(execute=True):
            return call(**_in_format(sample, named(sample.send, world.ids), recording))

    return act


def _in_format(sample: Sample, sent: dict[str, Any], recording: bytes) -> dict[str, Any]:
    if sample.format == "form":
        return {"data": urlencode(sent, doseq=True), "content_type": "application/x-www-form-urlencoded"}
    data = {name: _uploaded(value, recording) for name, value in sent.items()}
    return {"data": data, "format": sample.format} if sample.format else {}


def _uploaded(value: Any, recording: bytes) -> Any:
    if not (isinstance(value, dict) and "upload" in value):
        return value
    kind = value.get("type") or mimetypes.guess_type(value["upload"])[0]
    content = b"Hello." if kind == "text/plain" else recording
    return SimpleUploadedFile(value["upload"], content, kind)


@pytest.fixture(autouse=True)
def _an_engine_that_serves(recording_bus: RecordingBus) -> None:
    def answer(question: Any) -> None:
        if isinstance(question.message, DescribeStream):
            recording_bus.answer(question, StreamDescription(question.message.stream_id, is_live=True, listeners=1))

    recording_bus.listen([Topic.COMMANDS], answer)


def test_no_sample_is_lost() -> None:
    printed = Counter(sample.resource for sample in SAMPLES if sample.source.startswith("document"))
    everything = Counter(sample.resource for sample in SAMPLES)
    assert {name: (printed[name], everything[name]) for name in everything} == COUNTS
    assert printed.total() == 96


@pytest.mark.parametrize("sample", SAMPLES, ids=repr)
def test_a_sample_is_answered_as_documented_and_what_it_writes_can_be_read(
    sample: Sample, callers: Callable[[str], Caller], fire: Callable[[Sample, Caller], Any], world: World
) -> None:
    caller = callers(sample.who)
    answer = fire(sample, caller)
    assert answer.status_code == sample.status, answer.text
    if sample.method == "DELETE":
        assert answer.content == b""
        assert caller.get(named(sample.again, world.ids)).status_code == 404
        return
    told, sent = answer.json(), named(sample.send, world.ids)
    nothing(differences(sample.expected, told, may_have_more=sample.open_keys))
    nothing(unsaid(sent, sample.reads, told) if sent and sample.again is None else [])
    if sent and sample.again:
        again = caller.get(named(sample.again, {**world.ids, "id": told["id"]})).json()
        nothing(unsaid(sent, sample.reads, again))
        # A link to a file that is not public is signed anew.
        assert [key for key in told.keys() & again.keys() - {"file"} if told[key] != again[key]] == []


def nothing(wrong: list[str]) -> None:
    assert not wrong, "\n".join(wrong)


REFUSABLE = [sample for sample in SAMPLES if sample.method != "GET" and not sample.open]


@pytest.mark.parametrize("resource", sorted({sample.resource for sample in REFUSABLE}))
def test_who_may_not_write_changes_nothing(
    resource: str, callers: Callable[[str], Caller], fire: Callable[[Sample, Caller], Any], recording_bus: RecordingBus
) -> None:
    accepted = []
    people = {name: callers(name) for name in ("contributor", "stranger", "nobody")}
    with nothing_changes(recording_bus):
        for sample in (sample for sample in REFUSABLE if sample.resource == resource):
            answer = fire(sample, people[sample.outsider])
            if not is_refusal(sample, answer) or fire(sample, people["nobody"]).status_code != 401:
                accepted.append(f"{sample}: {answer.status_code} {answer.text}")
    nothing(accepted)


def is_refusal(sample: Sample, answer: Any) -> bool:
    """Not for them; or an id in the body, of which they may not know."""
    if answer.status_code == 400 and sample.who == "contributor":
        (sentences,) = answer.json().values()
        return sentences in (["Session not found."], ["Envelope not found."])
    return answer.status_code in (403, 404)
