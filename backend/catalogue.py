"""Every resource of the domain, by name: what is not here is not at any door."""

from typing import Any

from django.core.checks import CheckMessage, register

from backend.accounts.resources import DEVICE_PROFILE, TOKEN, USER
from backend.assets.resources import ASSET, ASSET_UPLOAD, ENVELOPE, TIMED_ASSET, VOTE
from backend.documents.resources import DOCUMENT
from backend.listening.resources import LISTEN_EVENT, STREAM
from backend.projects.resources import (
    LANGUAGE,
    LOCALIZED_STRING,
    PROJECT,
    PROJECT_GROUP,
    UI_ELEMENT,
    UI_ELEMENT_NAME,
)
from backend.resources.checks import faults
from backend.resources.filters import Filters
from backend.resources.reads import Reader
from backend.resources.resource import Resource
from backend.resources.writes import Writer
from backend.soundscape.resources import AUDIOTRACK, SPEAKER
from backend.tagging.resources import TAG, TAG_CATEGORY, TAG_RELATIONSHIP, UI_GROUP, UI_ITEM
from backend.visits.resources import EVENT, SESSION

CATALOGUE: tuple[Resource[Any], ...] = (
    USER,
    DEVICE_PROFILE,
    TOKEN,
    DOCUMENT,
    LANGUAGE,
    LOCALIZED_STRING,
    PROJECT,
    PROJECT_GROUP,
    UI_ELEMENT_NAME,
    UI_ELEMENT,
    TAG_CATEGORY,
    TAG,
    TAG_RELATIONSHIP,
    UI_GROUP,
    UI_ITEM,
    SESSION,
    EVENT,
    SPEAKER,
    AUDIOTRACK,
    ASSET,
    ENVELOPE,
    ASSET_UPLOAD,
    VOTE,
    TIMED_ASSET,
    STREAM,
    LISTEN_EVENT,
)

writer = Writer(CATALOGUE)
filters = Filters(CATALOGUE)
reader = Reader(CATALOGUE)


@register()
def check_catalogue(**_: Any) -> list[CheckMessage]:
    """Asked by Django at boot, with its own checks."""
    return faults(CATALOGUE)
