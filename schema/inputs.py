"""What the mutations of a visit are given."""

from typing import Any

import strawberry
from strawberry import ID

from schema.enums import StreamFormat
from schema.payloads import Input


def _optional(description: str) -> Any:
    return strawberry.field(default=None, description=description)


@strawberry.input(description="A device that wants an account.")
class RegisterDeviceInput(Input):
    device_id: str = strawberry.field(description="The id that the device gives itself: a random UUID serves best.")
    client_type: str = strawberry.field(default="", description="What kind of app or browser it is.")


@strawberry.input(description="A visit that begins.")
class CreateSessionInput(Input):
    project_id: ID = strawberry.field(description="The project that is visited.")
    language: str | None = _optional("The visitor's language, as `fi` or `fi-FI`; English if left out or unknown.")
    geo_listen_enabled: bool | None = _optional("Whether the place decides what is heard; else as the project says.")
    client_system: str | None = _optional("The operating system or user agent.")
    timezone: str | None = _optional("The offset from UTC, as `+0200`.")


@strawberry.input(description="How a stream is to be opened.")
class OpenStreamInput(Input):
    session_id: ID = strawberry.field(description="The visit that it is for.")
    latitude: float | None = _optional(
        "Where the listener is: degrees north. Needed unless the visit is not geographic."
    )
    longitude: float | None = _optional(
        "Where the listener is: degrees east. Needed unless the visit is not geographic."
    )
    tag_ids: list[ID] | None = _optional("Only recordings that fit these tags; the project's default if left out.")
    format: StreamFormat | None = strawberry.field(default=None, description="How it is encoded; MP3 if left out.")
    bitrate: int | None = _optional("64, 96, 112, 128, 160, 192, 256 or 320 kbit/s; else as the project says.")


@strawberry.input(description="Where the listener is now, and which way and how far they listen.")
class MoveListenerInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")
    latitude: float = strawberry.field(description="Degrees north, -90 to 90.")
    longitude: float = strawberry.field(description="Degrees east, -180 to 180.")
    heading: float | None = _optional("Which way they face: degrees clockwise from north; all ways if left out.")
    width: float | None = _optional("How wide they hear: degrees of the whole beam.")
    range_min: float | None = _optional("What is nearer than this many metres is not heard.")
    range_max: float | None = _optional("What is further than this many metres is not heard.")


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


@strawberry.input(description="A sign of life.")
class HeartbeatInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")


@strawberry.input(description="A stream that is to end.")
class CloseStreamInput(Input):
    stream_id: ID = strawberry.field(description="The listener's stream.")
