"""The world that both doors find: everybody of the cast, and a row of all that they do something to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from backend.accounts.actions import issue_token
from backend.accounts.models import User
from backend.assets.models import Vote
from backend.listening.models import Stream, StreamState
from backend.projects.models import Language
from backend.resources.viewer import ANONYMOUS, Viewer
from backend.tagging.models import Tag, TagCategory
from backend.visits.models import Session
from tests.cast import (
    INSIDE,
    Cast,
    Walk,
    english,
    make_asset,
    make_cast,
    make_envelope,
    make_project,
    make_session,
    make_walk,
)
from tests.every_resource import rows_of

PASSWORD = "a long secret"
NOBODY = "somebody"
LONG_AGO, JUST_NOW = timedelta(hours=-1), timedelta(hours=1)


@dataclass(frozen=True)
class World:
    """The people with their tokens, and rows by name."""

    people: Mapping[str, User]
    tokens: Mapping[str, str]
    rows: Mapping[str, Any]

    def viewer(self, who: str) -> Viewer:
        """Whom the domain sees."""
        return ANONYMOUS if who == NOBODY else self.people[who]

    def authorization(self, who: str) -> dict[str, str]:
        """What they send with a request."""
        return {} if who == NOBODY else {"Authorization": f"Token {self.tokens[who]}"}


def make_world() -> World:
    """A visit of the contributor with all that can be left in one, one of the stranger, and all that editors edit."""
    walk = make_walk()
    cast = make_cast(walk.project)
    people = vars(cast)
    cast.curator.set_password(PASSWORD)
    cast.curator.save()
    # By what their models are called: `tag`, `ui_group` …
    left = {
        resource.model._meta.verbose_name.lower().replace(" ", "_"): row
        for resource, row in rows_of(walk, cast).items()
    }
    left["finnish"] = left["language"]
    rows = {**left, **people, **_editors_rows(walk), **_strangers_rows(walk, cast), **_visits(walk, cast, left)}
    return World(people, {who: issue_token(user) for who, user in people.items()}, rows)


def _editors_rows(walk: Walk) -> dict[str, Any]:
    other_project = make_project(name="Other")
    return {
        "english": english(),
        "swedish": Language.objects.create(code="sv", name="Swedish"),
        "other_tag": walk.tags[1],
        "foreign_tag": Tag.objects.create(project=other_project, category=TagCategory.objects.get(), value="foreign"),
        "other_project": other_project,
        "heard_asset": walk.asset,
    }


def _stream(visit: Session, *, seen: timedelta, state: StreamState = StreamState.PLAYING) -> Stream:
    """Seen so long from now that no scenario is too slow, or too quick, for what is noted every few seconds."""
    return Stream.objects.create(session=visit, state=state, last_seen_at=timezone.now() + seen, **INSIDE)


def _strangers_rows(walk: Walk, cast: Cast) -> dict[str, Any]:
    visit = make_session(walk.project, cast.stranger)
    asset = make_asset(walk.project, session=visit, user=cast.stranger)
    return {
        "strangers_visit": visit,
        "strangers_asset": asset,
        "strangers_hidden_asset": make_asset(walk.project, session=visit, submitted=False),
        "strangers_envelope": make_envelope(visit, asset),
        "strangers_stream": _stream(visit, seen=LONG_AGO),
    }


def _visits(walk: Walk, cast: Cast, left: Mapping[str, Any]) -> dict[str, Any]:
    """Beside the visit that listens one that is new, one without place, one that paused and one that has ended."""
    new, flat, paused, ended = (
        make_session(walk.project, cast.contributor, geo_listen_enabled=is_geo) for is_geo in (True, False, True, True)
    )
    visit, blocked = left["session"], make_asset(walk.project)
    Vote.objects.create(session=visit, asset=blocked, voter=cast.contributor, vote_type="block_asset")
    left["envelope"].assets.add(left["asset"])
    return {
        "visit": visit,
        "new_visit": new,
        "flat_visit": flat,
        "paused_visit": paused,
        "ended_visit": ended,
        "blocked_asset": blocked,
        "new_envelope": make_envelope(new),
        "stream": _stream(visit, seen=LONG_AGO),
        "paused_stream": _stream(paused, seen=JUST_NOW, state=StreamState.PAUSED),
        "ended_stream": _stream(ended, seen=LONG_AGO, state=StreamState.CLOSED),
    }
