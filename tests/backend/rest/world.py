"""A row of everything that the old API shows, with its ids by name, and nothing in them that a client would miss."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.accounts.models import User
from backend.assets.models import Asset, Envelope, Vote
from backend.assets.resources import ASSET, ENVELOPE, TIMED_ASSET, VOTE
from backend.listening.models import ListenEvent, Stream
from backend.listening.resources import LISTEN_EVENT
from backend.projects.models import LocalizedString, Project, UIElement, UIElementName
from backend.projects.resources import LANGUAGE, LOCALIZED_STRING, PROJECT_GROUP, UI_ELEMENT, UI_ELEMENT_NAME
from backend.resources.resource import Resource
from backend.soundscape.models import Speaker
from backend.tagging.models import Tag, TagCategory, TagRelationship, UIGroup, UIItem, UIMode
from backend.tagging.resources import TAG_CATEGORY, TAG_RELATIONSHIP, UI_GROUP, UI_ITEM
from backend.visits.models import STAFF_SESSION_ID, Event, Session
from backend.visits.resources import EVENT, SESSION
from tests.cast import INSIDE, Cast, Walk, make_envelope, make_session, square
from tests.every_resource import rows_of

PASSWORD = "round"
# What can be said of a row, and is left out by those who only need it to be there.
FULL: Mapping[type[Any], Mapping[str, Any]] = {
    Project: {
        "sharing_url": "http://roundware.org/r/eid=[id]",
        "out_of_range_url": "http://roundware.org/far.mp3",
        "demo_stream_url": "http://roundware.org/demo.mp3",
        "files_url": "http://roundware.org/rw.zip",
        "files_version": "1",
    },
    TagCategory: {"data": ""},
    Tag: {"description": "a tag", "data": "class=tag-one"},
    Speaker: {"uri": "http://roundware.org/a.mp3", "backup_uri": "http://roundware.org/b.mp3"},
    Session: {"client_system": "iOS 10.2", "device_id": "12891038109281"},
    Asset: {"language_id": 1},
    Event: {"tag_ids": "3,8", "latitude": "40.75921249389648", "longitude": "-73.98463439941406"},
    ListenEvent: {"duration_seconds": 28.41},
    UIElementName: {"description": "The logo."},
    UIElement: {"label_text_color": "red"},
}


@dataclass(frozen=True)
class World:
    """The people, and the ids of rows by the names that the samples call them by."""

    people: Mapping[str, User]
    ids: Mapping[str, int]


def make_world(walk: Walk, cast: Cast) -> World:
    """The contributor's visit, with all that it left; the project that was visited, with all that belongs to it."""
    rows = rows_of(walk, cast)
    ids = _texts(walk, rows) | _screens(walk, rows) | _visits(walk, cast, rows)
    for model, values in FULL.items():
        model.objects.update(**values)
    cast.curator.set_password(PASSWORD)
    cast.curator.save()
    people = {name: getattr(cast, name) for name in ("owner", "contributor", "stranger", "curator")}
    named = {
        "language": rows[LANGUAGE],
        "project": walk.project,
        "project_group": rows[PROJECT_GROUP],
        "element": rows[UI_ELEMENT],
        "element_name": rows[UI_ELEMENT_NAME],
        "category": rows[TAG_CATEGORY],
        "speaker": walk.speaker,
        "audiotrack": walk.audiotrack,
        "event": rows[EVENT],
        "timed_asset": rows[TIMED_ASSET],
        "listen_event": rows[LISTEN_EVENT],
        "contributor": cast.contributor,
    }
    return World(people, ids | {name: row.pk for name, row in named.items()})


def _texts(walk: Walk, rows: Mapping[Resource[Any], Any]) -> dict[str, int]:
    """What can be read is there to be read, in one language."""
    text, project = rows[LOCALIZED_STRING], walk.project
    other = LocalizedString.objects.create(text="y", language_id=1)
    for name in ("sharing_message", "out_of_range_message", "legal_agreement", "demo_stream_message"):
        getattr(project, f"{name}_texts").add(text)
    rows[UI_GROUP].header_texts.add(text)
    rows[UI_ELEMENT].label_texts.add(text)
    rows[ASSET].description_texts.add(text)
    rows[ASSET].alt_texts.add(text)
    rows[PROJECT_GROUP].projects.add(project)
    for tag in walk.tags:
        tag.message_texts.add(text)
    return {"english": 1, "text": text.pk, "other_text": other.pk}


def _screens(walk: Walk, rows: Mapping[Resource[Any], Any]) -> dict[str, int]:
    """A tree of tags, and the choices of a screen for speaking beside those for listening."""
    tag, other = walk.tags
    listening: UIGroup = rows[UI_GROUP]
    speaking = UIGroup.objects.create(
        project=walk.project, name="speak", category=listening.category, index=1, ui_mode=UIMode.SPEAK
    )
    speaking.header_texts.set(listening.header_texts.all())
    first = UIItem.objects.create(group=speaking, tag=tag, index=0, is_active=True)
    UIItem.objects.create(group=speaking, tag=other, index=1, is_active=True, parent=first)
    child = TagRelationship.objects.create(tag=other, parent=rows[TAG_RELATIONSHIP])
    return {
        "tag": tag.pk,
        "other_tag": other.pk,
        "relationship": rows[TAG_RELATIONSHIP].pk,
        "child_relationship": child.pk,
        "ui_group": listening.pk,
        "ui_item": rows[UI_ITEM].pk,
        "speak_group": speaking.pk,
        "speak_item": first.pk,
    }


def _visits(walk: Walk, cast: Cast, rows: Mapping[Resource[Any], Any]) -> dict[str, int]:
    """One visit that listens, with what it left and thinks of others' recordings; one that has just begun."""
    visit, mine, other = rows[SESSION], rows[ASSET], walk.asset
    new = make_session(walk.project, cast.contributor)
    Stream.objects.create(session=visit, **INSIDE)
    mine.tags.add(*walk.tags)
    mine.shape = square()
    mine.save(update_fields=["shape"])
    other.session = make_session(walk.project, cast.stranger)
    other.save(update_fields=["session"])
    rows[ENVELOPE].assets.add(mine)
    rate, _ = Vote.objects.bulk_create(
        [
            Vote(session=visit, asset=mine, voter=cast.contributor, vote_type="rate", value=5),
            Vote(session=visit, asset=other, voter=cast.contributor, vote_type="block_asset"),
        ]
    )
    Vote.objects.update(voter=cast.contributor)
    return {
        "session": visit.pk,
        "new_session": new.pk,
        "staff_session": STAFF_SESSION_ID,
        "asset": mine.pk,
        "other_asset": other.pk,
        "envelope": rows[ENVELOPE].pk,
        "other_envelope": make_envelope(new, mine).pk,
        "staff_envelope": _staff_envelope(other).pk,
        "like": rows[VOTE].pk,
        "rate": rate.pk,
    }


def _staff_envelope(asset: Asset) -> Envelope:
    return make_envelope(Session.objects.get_or_create(pk=STAFF_SESSION_ID)[0], asset)
