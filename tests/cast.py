"""The people of the tests, and a small project for them to walk through."""

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Polygon

from backend.accounts.models import DeviceProfile, User
from backend.assets.models import Asset, AssetUpload, Envelope
from backend.projects.models import Language, Project
from backend.soundscape.models import Audiotrack, Speaker
from backend.tagging.models import Tag, TagCategory, UIGroup, UIItem, UIMode
from backend.visits.models import Session

# The project lies on both sides of this place in Helsinki; its speaker is a square of about 1.1 km.
LATITUDE, LONGITUDE = 60.17, 24.94
INSIDE = {"latitude": LATITUDE, "longitude": LONGITUDE}
FAR_AWAY = {"latitude": 65.0, "longitude": 25.5}


@dataclass(frozen=True)
class Cast:
    """An owner of the project, a contributor who visits it, a stranger who knows ids, a curator who is staff."""

    owner: User
    contributor: User
    stranger: User
    curator: User


@dataclass(frozen=True)
class Walk:
    """A project with what it needs to sound."""

    project: Project
    speaker: Speaker
    audiotrack: Audiotrack
    tags: list[Tag]
    asset: Asset


def make_user(name: str, **overrides: Any) -> User:
    """A user with a device profile and no usable password."""
    user = User(username=name, **overrides)
    user.set_unusable_password()
    user.save()
    DeviceProfile.objects.create(user=user, device_id=f"device-of-{name}", client_type="web")
    return user


def make_cast(project: Project | None = None) -> Cast:
    """Four users; the owner owns `project` when there is one."""
    cast = Cast(
        owner=make_user("owner"),
        contributor=make_user("contributor"),
        stranger=make_user("stranger"),
        curator=make_user("curator", is_staff=True),
    )
    if project is not None:
        project.owners.add(cast.owner)
    return cast


def english() -> Language:
    """Language 1, also after a test that empties the tables."""
    return Language.objects.get_or_create(id=1, defaults={"code": "en", "name": "English"})[0]


def square(latitude: float = LATITUDE, longitude: float = LONGITUDE, metres: float = 1_100.0) -> MultiPolygon:
    """A shape around a place; good enough north and south of 60 degrees."""
    north = metres / 2 / 111_400
    east = metres / 2 / 55_700
    west, south = longitude - east, latitude - north
    return MultiPolygon(Polygon.from_bbox((west, south, longitude + east, latitude + north)), srid=4326)


def make_project(**overrides: Any) -> Project:
    """A geo project around the place, without anything in it."""
    fields = {
        "name": "Walk",
        "latitude": LATITUDE,
        "longitude": LONGITUDE,
        "listen_enabled": True,
        "geo_listen_enabled": True,
        "speak_enabled": True,
        "auto_submit": True,
        "recording_radius_metres": 50.0,
        "out_of_range_distance_metres": 1_000.0,
    }
    project = Project.objects.create(**{**fields, **overrides})
    project.languages.add(english())
    return project


def make_speaker(project: Project, **overrides: Any) -> Speaker:
    """An active speaker, a square around the place that fades over 100 m."""
    fields = {"code": "A", "is_active": True, "uri": "/rwmedia/a.mp3", "attenuation_metres": 100.0, "shape": square()}
    return Speaker.objects.create(project=project, **{**fields, **overrides})


def make_asset(project: Project | None, **overrides: Any) -> Asset:
    """A submitted recording of 12 s at the place."""
    fields = {"filename": "a.mp3", "duration_seconds": 12.0, "start_seconds": 0.0, "end_seconds": 12.0, **INSIDE}
    return Asset.objects.create(project=project, **{**fields, **overrides})


def make_session(project: Project, user: User, **overrides: Any) -> Session:
    """A visit in English that listens by place."""
    return Session.objects.create(project=project, user=user, **{"language": english(), **overrides})


def make_envelope(session: Session, *assets: Asset) -> Envelope:
    """What was handed in during a visit."""
    envelope = Envelope.objects.create(session=session)
    envelope.assets.add(*assets)
    return envelope


def make_upload(envelope: Envelope, **overrides: Any) -> AssetUpload:
    """A file on its way into an envelope, just received."""
    return AssetUpload.objects.create(envelope=envelope, session=envelope.session, **overrides)


def make_tags(project: Project, *values: str, category: str = "theme") -> list[Tag]:
    """Tags of one category, offered for listening in an active group, all of them by default."""
    kind = TagCategory.objects.create(name=category)
    group = UIGroup.objects.create(project=project, name=category, category=kind, index=0, ui_mode=UIMode.LISTEN)
    tags = [Tag.objects.create(project=project, category=kind, value=value) for value in values]
    for index, tag in enumerate(tags):
        UIItem.objects.create(group=group, tag=tag, index=index, is_active=True, is_default=True)
    return tags


def make_walk(**overrides: Any) -> Walk:
    """A whole small project: a speaker, a track, two tags, and an asset that carries the first of them."""
    project = make_project(**overrides)
    tags = make_tags(project, "sea", "stone")
    asset = make_asset(project)
    asset.tags.add(tags[0])
    return Walk(project, make_speaker(project), Audiotrack.objects.create(project=project), tags, asset)
