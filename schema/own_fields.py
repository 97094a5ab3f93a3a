"""Fields of the derived types that are written by hand, because no column holds what they show."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry
import strawberry_django
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Case, TextField, Value, When
from django.db.models.functions import Coalesce
from strawberry import ID

from backend.assets.models import VoteType
from backend.assets.waveforms import MOST_POINTS
from backend.journal.queries import cursor_of_project
from backend.listening.models import StreamState
from backend.listening.offers import address
from schema.context import Info
from schema.cost import POINTS
from schema.derive.node import shown_as_read
from schema.derive.plan import READER, STEP, Readable, Step
from schema.derive.steps import Columns, Computed
from schema.derive.texts import Texts, Translation, Translations, of_visit
from schema.fields import Resolver, field
from schema.ids import global_id
from schema.media_fields import MediaFile, Playable, of_format
from schema.own_steps import Distance, Joined, Peaks, Screens, Tallies, votes_of
from schema.own_types import PositionInput, UIConfig, VoteTally, Waveform
from schema.scalars import GeoJSON
from schema.words import WORDS

DEFAULT_POINTS = 800
Place = Annotated[PositionInput, strawberry.argument(name="from", description="The place.")]
Points = Annotated[
    int,
    strawberry.argument(description=f"At most so many, {MOST_POINTS} at most; no more than were measured are shown."),
]


def shown(step: Step, description: str) -> Callable[[Resolver], Resolver]:
    """A field written by hand, with what it needs of the database."""
    return field(description, metadata={STEP: step})


def answered(step: Readable, description: str, kind: Any, arguments: Callable[..., Any], *, points: int = 0) -> Any:
    """A field whose step reads it by arguments, which are those of the function `arguments`.

    `points` is what it costs besides; see schema/cost.py.
    """
    metadata = {STEP: step, READER: step.read, POINTS: points}
    return strawberry_django.field(arguments, graphql_type=kind, description=description, metadata=metadata)


def text(step: Texts, description: str, kind: Any = str | None) -> Any:
    """A field that shows a text in the reader's language, or in that of a visit."""
    return answered(step, description, kind, of_visit)


def all_texts(**relations: str) -> Any:
    """All texts of a row, for editors; `relations` by the names of the fields that show them."""
    words = "Its texts in all languages, for those who edit them: by field, then by language."
    return shown_as_read(Translations(relations), words, list[Translation])


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
    translations = all_texts(
        description="description_texts",
        sharingMessage="sharing_message_texts",
        outOfRangeMessage="out_of_range_message_texts",
        legalAgreement="legal_agreement_texts",
        demoStreamMessage="demo_stream_message_texts",
    )
    ui_config = answered(
        Screens(),
        "What it offers to choose from, on the screens of listening and of speaking.",
        UIConfig,
        of_visit,
        points=50,
    )
    event_cursor = shown_as_read(
        Computed("event_cursor", cursor_of_project()),
        "Where its events stand now. Select it before all else, and subscribe `after` it: what you read besides is not"
        " older, and what changes later is told.",
        str | None,
    )


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

    label = text(
        Texts("message_texts", columns=("project",), fallback="value"),
        "The words of its button in your language, else its value.",
        str,
    )
    description_text = text(
        Texts("description_texts", columns=("project",), fallback="description"),
        "What it is for in your language, else its description.",
    )
    translations = all_texts(label="message_texts", descriptionText="description_texts")


class UIGroupFields:
    """Of UIGroup."""

    header = text(Texts("header_texts", columns=("project",)), "The question that it asks, in your language.")
    translations = all_texts(header="header_texts")


class UIElementFields:
    """Of UIElement."""

    label = text(Texts("label_texts", columns=("project",)), "The label in your language.")
    translations = all_texts(label="label_texts")


def from_a_place(root: strawberry.Parent[Any], from_: Place) -> Any:
    """Only its signature counts."""


def of_points(root: strawberry.Parent[Any], points: Points = DEFAULT_POINTS) -> Any:
    """Only its signature counts."""


class AssetFields:
    """Of Asset."""

    alt_text = text(
        Texts("alt_texts", columns=("project",)), "What it shows, for those who do not see it, in your language."
    )
    description_text = text(
        Texts("description_texts", columns=("project",), fallback="description"),
        "What it is in your language, else what its author wrote.",
        str,
    )
    translations = all_texts(altText="alt_texts", descriptionText="description_texts")
    likes = shown_as_read(votes_of(VoteType.LIKE), "How many people like it.", int)
    flags = shown_as_read(votes_of(VoteType.FLAG), "How many people want somebody to look at it.", int)
    votes = shown_as_read(Tallies(), "What people think of it: an entry for each type of vote.", list[VoteTally])
    distance = answered(
        Distance(), "How far it is from a place, in metres; null when it has no position.", float | None, from_a_place
    )
    waveform = answered(
        Peaks(DEFAULT_POINTS),
        "Its outline, to be drawn; null when it is no sound.",
        Waveform | None,
        of_points,
        points=10,
    )

    file = answered(Playable(), "Where to play or see it; null when it has no such file.", MediaFile | None, of_format)


OF_ITS_PROJECT = ("session", "session__project", "session__language")
OUT_OF_RANGE = Texts(
    "out_of_range_message_texts",
    project="session.project_id",
    language="session.language_id",
    owner="session__project",
    columns=("state", *OF_ITS_PROJECT),
    joins=("session__project",),
)
ADDRESS = Joined(
    (
        "state",
        "key",
        "format",
        *OF_ITS_PROJECT,
        "session__demo_stream_enabled",
        "session__project__demo_stream_url",
        "session__project__out_of_range_url",
    ),
    ("session__project",),
)


class StreamFields:
    """Of Stream."""

    @shown(
        ADDRESS,
        "Where it is heard: give it to an audio player. Out of range, and for visits that want the common demo stream,"
        " the project's address for this, if any. Null when the stream is closed.",
    )
    def url(self) -> str | None:
        row: Any = self
        return None if row.state == StreamState.CLOSED else address(row)[1]

    @shown(OUT_OF_RANGE, "What the project says to those who are too far away, in your language; null within range.")
    def out_of_range_message(self, info: Info) -> str | None:
        row: Any = self
        return OUT_OF_RANGE.read(row, info._raw_info) if row.state == StreamState.OUT_OF_RANGE else None

    @shown(Columns(("tag_ids",)), "The tags that the listener chose; none: the project's default.")
    def tag_ids(self) -> list[ID]:
        row: Any = self
        return [ID(global_id("Tag", tag_id)) for tag_id in row.tag_ids]
