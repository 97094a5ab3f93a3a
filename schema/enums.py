"""The closed sets of the domain as GraphQL enums, each value with its meaning."""

from enum import Enum, EnumType
from typing import Any

import strawberry
from django.db.models import TextChoices

from backend.assets.groupings import AssetGroupBy as AssetGroupByChoices
from backend.assets.models import MediaType as MediaTypeChoices
from backend.assets.models import UploadState as UploadStateChoices
from backend.assets.models import VoteType as VoteTypeChoices
from backend.listening.models import StreamFormat as StreamFormatChoices
from backend.listening.models import StreamState as StreamStateChoices
from backend.listening.statistics import ListenEventGroupBy as ListenEventGroupByChoices
from backend.projects import models as projects
from backend.soundscape.models import TimedAssetPriority as TimedAssetPriorityChoices
from backend.tagging import models as tagging

ENUMS: dict[tuple[str, ...], type[Enum]] = {}


def enum(choices: type[TextChoices], description: str, **meanings: str) -> Any:
    """The GraphQL enum of a domain's set; raises KeyError when a value has no meaning."""
    values = {each.name: strawberry.enum_value(each.value, description=meanings[each.name]) for each in choices}
    # The functional form, which mypy would take for a declaration.
    made: Any = EnumType.__call__(Enum, choices.__name__, values)
    made = strawberry.enum(made, description=description)
    ENUMS[tuple(choices.values)] = made
    return made


RepeatMode = enum(
    projects.RepeatMode,
    "What happens when a listener has heard everything near.",
    STOP="Nothing more plays.",
    CONTINUOUS="The recordings start over.",
)
Ordering = enum(
    projects.Ordering,
    "Which recording plays first.",
    BY_LIKE="The one with the most likes.",
    BY_WEIGHT="The heaviest.",
    RANDOM="Any of them.",
)
View = enum(
    projects.View,
    "A screen of the old apps.",
    HOME="The first screen.",
    LISTEN="Where people listen.",
    SPEAK="Where people record.",
    LISTEN_TAGS="Where listeners choose tags.",
    SPEAK_TAGS="Where contributors choose tags.",
    THANK_YOU="What follows a contribution.",
)
Variant = enum(
    projects.Variant,
    "The screen density that a picture is made for.",
    X2="iPhone, twice the points.",
    X3="iPhone, three times the points.",
    IPAD_X2="iPad, twice the points.",
    IPAD_X3="iPad, three times the points.",
    MDPI="Android, about 160 dots an inch.",
    HDPI="Android, about 240 dots an inch.",
    XHDPI="Android, about 320 dots an inch.",
    XXHDPI="Android, about 480 dots an inch.",
    XXXHDPI="Android, about 640 dots an inch.",
)
PictureFormat = enum(
    projects.PictureFormat,
    "The file format of a picture.",
    PNG="Portable Network Graphics.",
    JPG="JPEG.",
)
LabelPosition = enum(
    projects.LabelPosition,
    "Where the label of a picture stands.",
    BLANK="No label is shown.",
    TEXT_BELOW="Below the picture.",
    TEXT_OVERLAY="Over the picture.",
)
TagNarrowing = enum(
    tagging.TagNarrowing,
    "A further narrowing that a tag brings with it.",
    NONE="No narrowing.",
    WITHIN_10_KM="Only what lies within 10 km of the listener.",
    TEN_MOST_RECENT_DAYS="Only the recordings of the ten most recent days.",
)
UIMode = enum(
    tagging.UIMode,
    "The moment at which tags are offered.",
    LISTEN="While listening: what is heard.",
    SPEAK="While recording: what the recording is about.",
    BROWSE="While browsing a map or a list.",
)
Select = enum(
    tagging.Select,
    "How many items of a group may be chosen.",
    SINGLE="Exactly one.",
    MULTI="Any number.",
    MIN_ONE="One or more.",
)
ItemFilter = enum(
    tagging.ItemFilter,
    "Which items of a group are shown.",
    NONE="All of them.",
    RANDOM_1="One, drawn at random.",
)
TimedAssetPriority = enum(
    TimedAssetPriorityChoices,
    "When a track plays timed recordings, against those that are near.",
    HIGHEST="Before all others.",
    NORMAL="Among the others.",
    LOWEST="When nothing else is left.",
    DISCARD="Never.",
)
MediaType = enum(
    MediaTypeChoices,
    "What an asset is.",
    AUDIO="A recording, heard in the mix.",
    VIDEO="A video.",
    PHOTO="A photo.",
    TEXT="A written text.",
)
UploadState = enum(
    UploadStateChoices,
    "How far an upload has come.",
    RECEIVED="The file has arrived.",
    DECODING="It is being read.",
    ENCODING="It is being made ready for the mix and for players.",
    STORED="It is an asset now.",
    FAILED="It came to nothing; nothing of it is kept.",
)
VoteType = enum(
    VoteTypeChoices,
    "What a vote says.",
    LIKE="It is good.",
    FLAG="Somebody should look at it.",
    RATE="It is worth `value`.",
    BLOCK_ASSET="I do not want to hear it again.",
    BLOCK_USER="I do not want to hear this person again.",
)
StreamState = enum(
    StreamStateChoices,
    "What a stream does.",
    PLAYING="It sounds, or will as soon as somebody listens.",
    PAUSED="Speakers sound; recordings wait until the stream is resumed.",
    OUT_OF_RANGE="The listener is too far from every speaker, and hears only what the project has for this.",
    IDLE="It has ended because nobody listened or asked for anything; whoever does either brings it back as it was.",
    CLOSED="It has ended because somebody closed it; opening the session's stream again starts it anew.",
)
StreamFormat = enum(
    StreamFormatChoices,
    "How a stream is encoded.",
    MP3="MP3, 44.1 kHz stereo, constant bit rate.",
    OPUS="Opus in Ogg, 48 kHz stereo: as good in two thirds of the bits, where the player knows it.",
)
AssetGroupBy = enum(
    AssetGroupByChoices,
    "What assets can be counted by.",
    TAG="A tag; an asset with several counts for each, one without for none.",
    DAY="The day of UTC on which they were made, the newest first.",
    LANGUAGE="The language that they are in.",
    MEDIA_TYPE="What they are.",
    GEOHASH="The cell of the map in which they lie.",
)
ListenEventGroupBy = enum(
    ListenEventGroupByChoices,
    "What was heard can be counted by.",
    TAG="A tag of the recording; one with several counts for each, one without for none.",
    DAY="The day of UTC on which it began to sound, the newest first.",
    LANGUAGE="The language of the recording.",
    MEDIA_TYPE="What the recording is.",
    GEOHASH="The cell of the map in which the recording lies.",
    ASSET="The recording itself.",
)
