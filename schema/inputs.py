"""What the mutations of a visit are given."""

from typing import Any

import strawberry
from strawberry import ID

from schema.enums import StreamFormat
from schema.payloads import Input


def optional(description: str) -> Any:
    """A field of an input that may be left out, which is as much as null."""
    return strawberry.field(default=None, description=description)


@strawberry.input(description="A device that wants an account.")
class RegisterDeviceInput(Input):
    device_id: str = strawberry.field(description="The id that the device gives itself: a random UUID serves best.")
    client_type: str = strawberry.field(default="", description="What kind of app or browser it is.")
    first_name: str = strawberry.field(default="", description="The given name of whose device it is, if they tell it.")
    last_name: str = strawberry.field(default="", description="The family name of whose device it is.")
    email: str = strawberry.field(default="", description="Where to write to them; nobody else is shown it.")


@strawberry.input(description="A visit that begins.")
class CreateSessionInput(Input):
    project_id: ID = strawberry.field(description="The project that is visited.")
    language: str | None = optional("The visitor's language, as `fi` or `fi-FI`; English if left out or unknown.")
    language_id: ID | None = optional("The visitor's language by its id, where `language` is left out.")
    geo_listen_enabled: bool | None = optional("Whether the place decides what is heard; else as the project says.")
    demo_stream_enabled: bool = strawberry.field(
        default=False, description="Whether the visitor gets the project's common stream instead of an own one."
    )
    client_type: str | None = optional("What kind of app or browser it is; else as the device told.")
    client_system: str | None = optional("The operating system or user agent.")
    timezone: str | None = optional("The offset from UTC, as `+0200`.")


@strawberry.input(description="How a stream is to be opened.")
class OpenStreamInput(Input):
    session_id: ID = strawberry.field(description="The visit that it is for.")
    latitude: float | None = optional(
        "Where the listener is: degrees north. Needed unless the visit is not geographic."
    )
    longitude: float | None = optional(
        "Where the listener is: degrees east. Needed unless the visit is not geographic."
    )
    tag_ids: list[ID] | None = optional("Only recordings that fit these tags; the project's default if left out.")
    format: StreamFormat | None = optional("How it is encoded; as the project says if left out.")
    bitrate: int | None = optional(
        "MP3: 64, 96, 112, 128, 160, 192, 256 or 320 kbit/s; Opus: 48, 64, 96, 112 or 128. Else as the project says."
    )


@strawberry.input(description="Where the listener is now, and which way and how far they listen.")
class MoveListenerInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")
    latitude: float = strawberry.field(description="Degrees north, -90 to 90.")
    longitude: float = strawberry.field(description="Degrees east, -180 to 180.")
    heading: float | None = optional("Which way they face: degrees clockwise from north; all ways if left out.")
    width: float | None = optional("How wide they hear: degrees of the whole beam.")
    range_min: float | None = optional("What is nearer than this many metres is not heard.")
    range_max: float | None = optional("What is further than this many metres is not heard.")


@strawberry.input(description="Which tags a listener chooses.")
class FilterTagsInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")
    tag_ids: list[ID] = strawberry.field(
        description="Only recordings that fit these tags; none: the project's default."
    )


@strawberry.input(description="A stream that is to be paused.")
class PauseStreamInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")


@strawberry.input(description="A stream that is to go on.")
class ResumeStreamInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")


@strawberry.input(description="A stream whose recordings are to be skipped.")
class SkipAssetInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")


@strawberry.input(description="A recording that is to play at once.")
class PlayAssetInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")
    asset_id: ID = strawberry.field(description="A recording of the same project that the listener has not blocked.")


@strawberry.input(description="The recording that was heard last.")
class ReplayAssetInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")


@strawberry.input(description="A sign of life.")
class HeartbeatInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")


@strawberry.input(description="A stream that is to end.")
class CloseStreamInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")
