"""What the doors show of speakers and audiotracks: all of it, to all."""

from backend.projects.ownership import may_edit
from backend.resources.resource import Data, Resource, Verb
from backend.resources.viewer import Viewer
from backend.soundscape.models import Audiotrack, Speaker
from backend.tagging.belonging import check_tags

EDITED = (Verb.CREATE, Verb.UPDATE, Verb.DELETE)


def _may_write(viewer: Viewer, row: Speaker | Audiotrack) -> bool:
    return may_edit(viewer, row.project_id)


def _with_tags_of_its_project(data: Data, *, viewer: Viewer, row: Audiotrack) -> Data:
    check_tags("tag_filters", data, row)
    return data


SPEAKER_FIELDS = (
    "project",
    "is_active",
    "code",
    "min_volume",
    "max_volume",
    "uri",
    "backup_uri",
    "shape",
    "attenuation_metres",
)

SPEAKER = Resource(
    model=Speaker,
    read=("id", *SPEAKER_FIELDS, "boundary", "attenuation_border", "version"),
    write=SPEAKER_FIELDS,
    filter=("id", "project", "is_active", "code", "shape"),
    order=("id", "code"),
    verbs=EDITED,
    rest_names={
        "project": "project_id",
        "is_active": "activeyn",
        "min_volume": "minvolume",
        "max_volume": "maxvolume",
        "backup_uri": "backupuri",
        "attenuation_metres": "attenuation_distance",
    },
    may_write=_may_write,
)

AUDIOTRACK_FIELDS = (
    "project",
    "is_active",
    "min_volume",
    "max_volume",
    "min_duration_seconds",
    "max_duration_seconds",
    "min_dead_air_seconds",
    "max_dead_air_seconds",
    "min_fade_in_seconds",
    "max_fade_in_seconds",
    "min_fade_out_seconds",
    "max_fade_out_seconds",
    "min_pan_seconds",
    "max_pan_seconds",
    "min_pan_position",
    "max_pan_position",
    "repeat_recordings",
    "tag_filters",
    "start_with_silence",
    "banned_seconds",
    "fade_out_when_filtered",
    "timed_asset_priority",
)

AUDIOTRACK = Resource(
    model=Audiotrack,
    read=("id", *AUDIOTRACK_FIELDS),
    write=AUDIOTRACK_FIELDS,
    filter=(
        "id",
        "project",
        "is_active",
        "repeat_recordings",
        "start_with_silence",
        "fade_out_when_filtered",
        "timed_asset_priority",
        "tag_filters",
        "min_duration_seconds",
        "max_duration_seconds",
        "min_dead_air_seconds",
        "max_dead_air_seconds",
    ),
    verbs=EDITED,
    rest_names={
        "project": "project_id",
        "is_active": "active",
        "min_volume": "minvolume",
        "max_volume": "maxvolume",
        "min_duration_seconds": "minduration",
        "max_duration_seconds": "maxduration",
        "min_dead_air_seconds": "mindeadair",
        "max_dead_air_seconds": "maxdeadair",
        "min_fade_in_seconds": "minfadeintime",
        "max_fade_in_seconds": "maxfadeintime",
        "min_fade_out_seconds": "minfadeouttime",
        "max_fade_out_seconds": "maxfadeouttime",
        "min_pan_seconds": "minpanduration",
        "max_pan_seconds": "maxpanduration",
        "min_pan_position": "minpanpos",
        "max_pan_position": "maxpanpos",
        "repeat_recordings": "repeatrecordings",
        "banned_seconds": "banned_duration",
        "fade_out_when_filtered": "fadeout_when_filtered",
    },
    may_write=_may_write,
    prepare=_with_tags_of_its_project,
)
