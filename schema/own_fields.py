"""Fields of the derived types that are written by hand, because no column holds what they show."""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import strawberry
from django.conf import settings
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Case, TextField, Value, When
from django.db.models.functions import Coalesce
from strawberry import ID

from backend.listening.models import StreamState
from backend.listening.queries import stream_url
from schema.context import Info
from schema.derive.node import shown_as_read
from schema.derive.plan import STEP, Branch, Planner, Step
from schema.derive.selection import Selection
from schema.derive.steps import Columns, Computed
from schema.derive.texts import Texts
from schema.fields import Resolver, field
from schema.ids import global_id
from schema.scalars import GeoJSON
from schema.words import WORDS


@dataclass(frozen=True, slots=True)
class Joined:
    """A field that is made of columns of its own row and of rows that keys lead to."""

    columns: tuple[str, ...]
    joins: tuple[str, ...]

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        branch.columns.update(self.columns)
        branch.joined.update(self.joins)


def shown(step: Step, description: str) -> Callable[[Resolver], Resolver]:
    """A field written by hand, with what it needs of the database."""
    return field(description, metadata={STEP: step})


def text(step: Texts, description: str) -> Any:
    """A field that shows a text in the reader's language."""
    return shown_as_read(step, description, str | None)


class ProjectFields:
    """Of Project."""

    description = text(Texts("description_texts", project="pk"), "What it is about, in your language.")
    sharing_message = text(Texts("sharing_message_texts", project="pk"), "What people share, in your language.")
    out_of_range_message = text(
        Texts("out_of_range_message_texts", project="pk"), "What those read who are too far away, in your language."
    )
    legal_agreement = text(
        Texts("legal_agreement_texts", project="pk"), "What contributors agree to, in your language."
    )
    demo_stream_message = text(
        Texts("demo_stream_message_texts", project="pk"), "What listeners of the common stream read, in your language."
    )


LABEL = Texts("message_texts", columns=("project", "value"))


class SpeakerFields:
    """Of Speaker."""

    # SpatiaLite stores an empty line as null: a border that vanished. Null is for a zone without a shape.
    attenuation_border = shown_as_read(
        Computed(
            "geo_attenuation_border",
            Coalesce(
                AsGeoJSON("attenuation_border"),
                Case(When(shape__isnull=False, then=Value('{"type":"MultiLineString","coordinates":[]}', TextField()))),
            ),
        ),
        WORDS["Speaker.attenuationBorder"],
        GeoJSON | None,
    )


class TagFields:
    """Of Tag."""

    @shown(LABEL, "The words of its button in your language, else its value.")
    def label(self, info: Info) -> str:
        row: Any = self
        return LABEL.read(row, info) or str(row.value)


class UIGroupFields:
    """Of UIGroup."""

    header = text(Texts("header_texts", columns=("project",)), "The question that it asks, in your language.")


class UIElementFields:
    """Of UIElement."""

    label = text(Texts("label_texts", columns=("project",)), "The label in your language.")


@strawberry.type(description="A file that can be fetched.")
class MediaFile:
    url: str = strawberry.field(description="Its absolute address.")
    mime_type: str | None = strawberry.field(description="What it is, by its name; null when that says nothing.")


class AssetFields:
    """Of Asset."""

    alt_text = text(
        Texts("alt_texts", columns=("project",)), "What it shows, for those who do not see it, in your language."
    )

    @shown(Columns(("file", "filename")), "Where to play or see it; null when it has no file.")
    def file(self) -> MediaFile | None:
        row: Any = self
        name = row.filename or row.file.name
        if not name:
            return None
        url = f"{settings.PUBLIC_URL}{settings.MEDIA_URL}{quote(name)}"
        return MediaFile(url=url, mime_type=mimetypes.guess_type(name)[0])


OF_ITS_PROJECT = ("session", "session__project", "session__language")
OUT_OF_RANGE = Texts(
    "out_of_range_message_texts",
    project="session.project_id",
    language="session.language_id",
    owner="session__project",
    columns=("state", *OF_ITS_PROJECT),
    joins=("session__project",),
)
ADDRESS = Joined(("state", "key", *OF_ITS_PROJECT, "session__project__out_of_range_url"), ("session__project",))


class StreamFields:
    """Of Stream."""

    @shown(ADDRESS, "Where it is heard: give it to an audio player. Out of range the project's sound for that, if any.")
    def url(self) -> str | None:
        row: Any = self
        if row.state == StreamState.CLOSED:
            return None
        if row.state == StreamState.OUT_OF_RANGE:
            return row.session.project.out_of_range_url or None
        return stream_url(row)

    @shown(OUT_OF_RANGE, "What the project says to those who are too far away, in your language; null within range.")
    def out_of_range_message(self, info: Info) -> str | None:
        row: Any = self
        return OUT_OF_RANGE.read(row, info) if row.state == StreamState.OUT_OF_RANGE else None

    @shown(Columns(("tag_ids",)), "The tags that the listener chose; none: the project's default.")
    def tag_ids(self) -> list[ID]:
        row: Any = self
        return [ID(global_id("Tag", tag_id)) for tag_id in row.tag_ids]
