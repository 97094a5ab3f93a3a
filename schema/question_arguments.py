"""The arguments of questions."""

from typing import Annotated

from strawberry import ID, argument

from backend.geo.geohash import MOST_LETTERS
from schema.derive.pages import MOST_ROWS
from schema.enums import AssetGroupBy, ListenEventGroupBy

DEFAULT_HITS = 20
MOST_HITS = 100
DEFAULT_LETTERS = 6

ProjectId = Annotated[ID, argument(description="The project's id.")]
Latitude = Annotated[float, argument(description="Degrees north, -90 to 90.")]
Longitude = Annotated[float, argument(description="Degrees east, -180 to 180.")]
RangeMin = Annotated[
    float | None, argument(description="Nothing nearer than so many metres; counts with `rangeMax` or `heading`.")
]
RangeMax = Annotated[
    float | None,
    argument(
        description="Nothing further than so many metres. Left out, and without `heading`: what has a shape around the"
        " place, and else what lies within the project's recordingRadiusMetres."
    ),
]
Heading = Annotated[
    float | None, argument(description="Only in this direction: degrees clockwise from north. Left out: all around.")
]
Width = Annotated[
    float | None, argument(description="How wide the beam around `heading` is, in degrees; 30 if left out.")
]
TagIds = Annotated[
    list[ID] | None,
    argument(
        description="Only what fits these tags by the rule of listening: one of each category that they are of."
        " Empty: the project's default; left out: all."
    ),
]
Rows = Annotated[int, argument(description=f"At most so many, {MOST_ROWS} at most.")]
Hits = Annotated[int, argument(description=f"At most so many, {MOST_HITS} at most.")]
Words = Annotated[
    str,
    argument(description="Up to five words of two letters or more; what is found has all of them in one of its texts."),
]
Precision = Annotated[
    int, argument(description=f"The letters of a geohash, 1 to {MOST_LETTERS}; counts for GEOHASH alone.")
]
AssetsBy = Annotated[AssetGroupBy, argument(description="What they are counted by.")]
ListenEventsBy = Annotated[ListenEventGroupBy, argument(description="What it is counted by.")]
