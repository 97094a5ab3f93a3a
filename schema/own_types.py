"""What the fields written by hand show: values that are no rows of their own."""

import strawberry
from strawberry import ID

from schema.enums import ItemFilter, Select, VoteType
from schema.scalars import Peaks


@strawberry.input(description="A place on the earth, WGS 84.")
class PositionInput:
    latitude: float = strawberry.field(description="Degrees north, -90 to 90.")
    longitude: float = strawberry.field(description="Degrees east, -180 to 180.")


@strawberry.type(description="One tag that is offered on a screen.")
class UIConfigItem:
    id: ID = strawberry.field(description="The id of its UIItem.")
    tag_id: ID = strawberry.field(description="The id of the tag that is chosen with it.")
    parent_id: ID | None = strawberry.field(
        description="The item that must be chosen before this one is shown. Null: none; always so for listening."
    )
    default_state: bool = strawberry.field(description="Whether it is chosen from the start.")
    tag_display_text: str = strawberry.field(description="The words of its button.")


@strawberry.type(description="One question of a screen, with its answers.")
class UIConfigGroup:
    select: Select = strawberry.field(description="How many items may be chosen.")
    group_short_name: str = strawberry.field(description="The name of the question, as a heading.")
    header_display_text: str | None = strawberry.field(description="The question in full; null when nobody wrote it.")
    uiitem_filter: ItemFilter = strawberry.field(description="Which of its items are shown.")
    display_items: list[UIConfigItem] = strawberry.field(
        description="The answers to choose from, in order. For listening each tag stands there once."
    )


@strawberry.type(description="What a project offers to choose from: all that a client needs to draw both screens.")
class UIConfig:
    listen: list[UIConfigGroup] = strawberry.field(description="The questions to listeners: what is heard.")
    speak: list[UIConfigGroup] = strawberry.field(
        description="The questions to contributors: what their recording is about. The items form a tree."
    )


@strawberry.type(description="The votes of one type on an asset.")
class VoteTally:
    type: VoteType = strawberry.field(description="What these votes say.")
    total: int = strawberry.field(description="How many there are.")
    average: float | None = strawberry.field(
        description="The mean of their values, for RATE; null for the other types, and without any value."
    )


@strawberry.type(description="The outline of a sound, to be drawn.")
class Waveform:
    minima: Peaks = strawberry.field(description="The lowest sample of each of its stretches, all of one length.")
    maxima: Peaks = strawberry.field(description="The highest sample of each of the same stretches.")
    duration_seconds: float = strawberry.field(description="How long all stretches last together, in seconds.")
