"""Clients of the old API: each person of the cast with a token, and somebody without one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.accounts.actions import issue_token
from backend.accounts.models import User
from backend.visits.models import Session
from tests.cast import Cast, Walk, make_session

Commits = Callable[..., Any]


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


@pytest.fixture(autouse=True)
def _no_demo(settings: Any) -> Iterator[None]:
    settings.KNOWN_DEVICE_LOGIN = False
    yield
