"""Clients of the old API: each person of the cast with a token, and somebody without one."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from backend.accounts.actions import issue_token
from backend.accounts.models import User
from backend.projects.models import Language, LocalizedString
from backend.visits.models import Session
from tests.backend.decoding.recordings import tone, write_wav
from tests.backend.rest.world import World, make_world
from tests.cast import Cast, Walk, make_session

Commits = Callable[..., Any]

ZONELESS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")


def text(words: str, language: Language | None = None) -> LocalizedString:
    return LocalizedString.objects.create(text=words, language_id=language.pk if language else 1)


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()]


class Caller:
    """Calls the door as one person, under /api/2; what waits for a commit happens, as it does outside of tests."""

    def __init__(self, commits: Commits, authorization: str | None = None) -> None:
        self.commits = commits
        self.http = APIClient(headers={"Authorization": authorization} if authorization else {})

    def get(self, path: str, **query: Any) -> Any:
        return self.http.get(f"/api/2/{path}", query)

    def post(self, path: str, data: Any = None, kind: str = "json", **more: Any) -> Any:
        with self.commits(execute=True):
            return self.http.post(f"/api/2/{path}", {} if data is None else data, format=kind, **more)

    def patch(self, path: str, data: Any, kind: str = "json") -> Any:
        with self.commits(execute=True):
            return self.http.patch(f"/api/2/{path}", data, format=kind)

    def call(self, call: str, data: Any = None, kind: str = "json") -> Any:
        """What stands as "PATCH votes/1/"; `kind` is json, multipart or form."""
        method, path = call.split(" ", 1)
        sent = {"data": data, "format": kind} if data is not None else {}
        if kind == "form":
            sent = {"data": urlencode(data, doseq=True), "content_type": "application/x-www-form-urlencoded"}
        with self.commits(execute=True):
            return getattr(self.http, method.lower())(f"/api/2/{path}", **sent)


@pytest.fixture
def caller(db: None, django_capture_on_commit_callbacks: Commits) -> Callable[[User | None], Caller]:
    """Makes a caller for a user, or for nobody."""

    def make(user: User | None = None) -> Caller:
        token = None if user is None else f"Token {issue_token(user)}"
        return Caller(django_capture_on_commit_callbacks, token)

    return make


@pytest.fixture
def api(caller: Callable[[User | None], Caller], cast: Cast) -> Caller:
    """The contributor's calls."""
    return caller(cast.contributor)


@pytest.fixture
def stranger(caller: Callable[[User | None], Caller], cast: Cast) -> Caller:
    """The stranger's calls."""
    return caller(cast.stranger)


@pytest.fixture
def nobody(caller: Callable[[User | None], Caller]) -> Caller:
    """Calls without a token."""
    return caller(None)


@pytest.fixture
def session(cast: Cast, walk: Walk) -> Session:
    """The contributor's visit."""
    return make_session(walk.project, cast.contributor)


@pytest.fixture
def finnish(db: None) -> Language:
    return Language.objects.create(code="fi", name="Finnish")


@pytest.fixture
def world(walk: Walk, cast: Cast, quick_passwords: None, settings: Any, tmp_path: Path) -> World:
    """A row of everything."""
    settings.MEDIA_ROOT = tmp_path
    return make_world(walk, cast)


@pytest.fixture
def callers(world: World, caller: Callable[[User | None], Caller]) -> Callable[[str], Caller]:
    """The calls of somebody by name, with one token each; `nobody` has none."""
    made = {"nobody": caller(None)} | {name: caller(user) for name, user in world.people.items()}
    return made.__getitem__


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A WAV file of 0.2 s."""
    return write_wav(tmp_path_factory.mktemp("sound") / "a.wav", tone(440, seconds=0.2)).read_bytes()


@pytest.fixture(autouse=True)
def _no_demo(settings: Any) -> Iterator[None]:
    settings.KNOWN_DEVICE_LOGIN = False
    yield
