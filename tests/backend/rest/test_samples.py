"""Every sample request of the document, and of what completes it, is sent; the answers are as they are shown there."""

import json
import mimetypes
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from django.test.client import ClientHandler
from rest_framework.test import APIClient

from backend.accounts.actions import issue_token
from backend.bus.codec import Topic
from backend.bus.commands import DescribeStream
from backend.bus.replies import StreamDescription
from tests.backend.rest.conftest import Caller, Commits
from tests.backend.rest.samples import SAMPLES, Sample, named
from tests.backend.rest.samples.likeness import differences, unsaid
from tests.backend.rest.world import World, make_world
from tests.cast import make_cast, make_walk
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
    "refusals": (0, 26),
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

QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass(frozen=True)
class Made:
    """The world, a token of each of its people, and what they all ask: its middleware is slow to load."""

    world: World
    tokens: Mapping[str, str]
    site: ClientHandler


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Made]:
    """Made once for all tests, each of which goes back to it: to make it takes longer than to send a request."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(PASSWORD_HASHERS=QUICK_HASHERS):
        walk = make_walk()
        world = make_world(walk, make_cast(walk.project))
        tokens = {name: f"Token {issue_token(user)}" for name, user in world.people.items()}
        yield Made(world, tokens, APIClient().handler)
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Clients:
    """The people of the world, each with the door before them."""

    made: Made
    commits: Commits
    recording: bytes

    @property
    def ids(self) -> Mapping[str, int]:
        """The rows of the world by name."""
        return self.made.world.ids

    def send(self, sample: Sample, who: str) -> Any:
        """The answer to a sample when it is sent by somebody, or by `nobody`."""
        call = getattr(self._caller(who).http, sample.method.lower())
        with self.commits(execute=True):
            return call(f"/api/2/{named(sample.path, self.ids)}", **self._content(sample))

    def read(self, path: str, who: str, **ids: int) -> Any:
        """The answer to a GET."""
        return self._caller(who).get(named(path, {**self.ids, **ids}))

    def _caller(self, who: str) -> Caller:
        caller = Caller(self.commits, self.made.tokens.get(who))
        caller.http.handler = self.made.site
        return caller

    def _content(self, sample: Sample) -> dict[str, Any]:
        sent = named(sample.send, self.ids)
        if sample.format in (None, "json"):
            return {"data": sent, "format": sample.format} if sample.format else {}
        fields = {name: self._field(value) for name, value in sent.items()}
        if sample.format == "form":
            return {"data": urlencode(fields, doseq=True), "content_type": "application/x-www-form-urlencoded"}
        return {"data": fields, "format": "multipart"}

    def _field(self, value: Any) -> Any:
        """As forms have it: repeated keys for lists, text for the rest."""
        if not isinstance(value, dict):
            return json.dumps(value) if isinstance(value, bool) else value
        if "upload" not in value:
            return json.dumps(value)
        kind = value.get("type") or mimetypes.guess_type(value["upload"])[0]
        return SimpleUploadedFile(value["upload"], b"Hello." if kind == "text/plain" else self.recording, kind)


@pytest.fixture
def clients(made: Made, db: None, django_capture_on_commit_callbacks: Commits, recording: bytes) -> Clients:
    return Clients(made, django_capture_on_commit_callbacks, recording)


@pytest.fixture(autouse=True)
def _an_empty_media_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


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


ANSWERED = [sample for sample in SAMPLES if sample.status < 400]
WRITES = [sample for sample in ANSWERED if sample.method != "GET"]
IN_OTHER_FORMATS = [
    replace(sample, format=format)
    for sample in WRITES
    for format in ("json", "form", "multipart")
    if sample.send and format != sample.format and not sample.is_json_alone and not sample.has_a_file
]


@pytest.mark.parametrize("sample", [*ANSWERED, *IN_OTHER_FORMATS], ids=repr)
def test_a_sample_is_answered_as_documented_and_what_it_writes_can_be_read(sample: Sample, clients: Clients) -> None:
    answer = clients.send(sample, sample.who)
    assert answer.status_code == sample.status, answer.text
    if sample.method == "DELETE":
        assert answer.content == b""
        assert clients.read(sample.again, sample.who).status_code == 404
        return
    told, sent = answer.json(), named(sample.send, clients.ids)
    nothing(differences(sample.expected, told, may_have_more=sample.open_keys))
    if sample.asks_for is not None:
        assert told["id"] == clients.ids[sample.asks_for]
    if sample.again is None:
        nothing(unsaid(sent, sample.reads, told))
    elif sent:
        again = clients.read(sample.again, sample.who, id=told["id"]).json()
        nothing(unsaid(sent, sample.reads, again))
        # A link to a file that is not public is signed anew.
        assert [key for key in told.keys() & again.keys() - {"file"} if told[key] != again[key]] == []


def nothing(wrong: list[str]) -> None:
    assert not wrong, "\n".join(wrong)


def test_what_is_refused_says_why_and_changes_nothing(clients: Clients, recording_bus: RecordingBus) -> None:
    refused = [sample for sample in SAMPLES if sample.status >= 400]
    with nothing_changes(recording_bus):
        answers = [clients.send(sample, sample.who) for sample in refused]
    told = {str(sample): (answer.status_code, answer.json()) for sample, answer in zip(refused, answers, strict=True)}
    assert told == {str(sample): (sample.status, sample.answer) for sample in refused}


REFUSABLE = [sample for sample in WRITES if not sample.open]


@pytest.mark.parametrize("resource", sorted({sample.resource for sample in REFUSABLE}))
def test_who_may_not_write_changes_nothing(resource: str, clients: Clients, recording_bus: RecordingBus) -> None:
    accepted = []
    with nothing_changes(recording_bus):
        for sample in (sample for sample in REFUSABLE if sample.resource == resource):
            answer = clients.send(sample, sample.outsider)
            if not is_refusal(sample, answer) or clients.send(sample, "nobody").status_code != 401:
                accepted.append(f"{sample}: {answer.status_code} {answer.text}")
    nothing(accepted)


def is_refusal(sample: Sample, answer: Any) -> bool:
    """Not for them; for a stranger it is not there, or is an id in the body of which they may not know."""
    if sample.outsider == "contributor":
        return answer.status_code == 403
    if answer.status_code == 400:
        (sentences,) = answer.json().values()
        return sentences in (["Session not found."], ["Envelope not found."])
    return answer.status_code in (403, 404)
