"""What the answers to questions are made of."""

from typing import Annotated, Any

import strawberry

from backend.geo.position import Position
from schema import types
from schema.fields import field

SearchResult = Annotated[
    types.Asset | types.Tag, strawberry.union("SearchResult", description="Something that can be found by words.")
]


@strawberry.type(description="An asset near a place.")
class NearAsset:
    asset: Any = strawberry.field(graphql_type=types.Asset, description="The asset.")
    distance_metres: float | None = strawberry.field(
        description="How far away it is, in metres; null when it has a shape and no position."
    )
    bearing: float | None = strawberry.field(
        description="In which direction it is: degrees clockwise from north; null when it has no position."
    )


@strawberry.type(description="Something that has all the words in one of its texts.")
class SearchHit:
    node: Any = strawberry.field(graphql_type=SearchResult, description="What was found.")
    rank: float = strawberry.field(
        description="How well it fits, 0 to 1: a whole word more than the beginning of one, and that more than its"
        " inside; what somebody said of it more than a text in a language, and that more than a tag."
    )
    text: str = strawberry.field(description="The text that fits best; of a long one the part around the first word.")


@strawberry.type
class Counted:
    """What the groups of all counts share."""

    key: str | None = strawberry.field(
        description="What the group has in common: the id of a tag or an asset, a day as `2026-05-01`, the code of a"
        " language, a media type, or a geohash. Null: what has no such thing, as a recording without tags."
    )
    label: str = strawberry.field(description="The same in words; empty when the key is null.")
    count: int = strawberry.field(description="How many there are in this group.")
    total_seconds: float = strawberry.field(description="How long all of them last together, in seconds.")
    middle: strawberry.Private[Position | None]

    @field("The middle of a geohash's cell, degrees north; null unless grouped by GEOHASH.")
    def latitude(self) -> float | None:
        return None if self.middle is None else self.middle.latitude

    @field("The middle of a geohash's cell, degrees east; null unless grouped by GEOHASH.")
    def longitude(self) -> float | None:
        return None if self.middle is None else self.middle.longitude


@strawberry.type(description="The assets that have one thing in common.")
class AssetStats(Counted):
    likes: int = strawberry.field(description="How many times people said that they like one of them.")


@strawberry.type(description="What was heard that has one thing in common.")
class ListenEventStats(Counted):
    listeners: int = strawberry.field(description="In how many visits it was heard.")
