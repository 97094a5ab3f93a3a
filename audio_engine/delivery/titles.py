"""What players show of a stream, from what happens in it: the old API's facts, then words for a person."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from audio_engine.soundscape import Soundscape
from backend.bus.events import AssetEnded, AssetStarted, StreamEvent
from backend.ids import AudiotrackId

# What would end the words, or change them, for whoever takes the text for a query.
_ESCAPES = {ord(mark): f"%{ord(mark):02X}" for mark in "%&+;#'"}


def opening_title(soundscape: Soundscape) -> str:
    """Until the first asset starts."""
    return _text({"stream_started": True}, soundscape.name)


def hungry_title(track_id: AudiotrackId, soundscape: Soundscape, *, remaining: int) -> str:
    """A track wanted to start an asset, and there was none."""
    return _text(_track_facts(track_id, remaining), soundscape.name)


def title_of(event: StreamEvent, soundscape: Soundscape, *, remaining: Callable[[], int]) -> str | None:
    """The text of this event (reference 4.10); None when it changes nothing that is shown.

    A query string as old clients read it; its last value, `title`, is for people: no more is escaped than must be.
    `remaining` is asked only when its answer is shown.
    """
    match event:
        case AssetStarted(asset_id=asset_id):
            tags = ",".join(map(str, soundscape.assets.tags_of(asset_id)))
            words = soundscape.asset_titles.get(asset_id) or soundscape.name
            return _text({**_facts(event, remaining()), "tags": tags}, words)
        case AssetEnded():
            return _text({**_facts(event, remaining()), "complete": True}, soundscape.name)
        case _:
            return None


def _facts(event: AssetStarted | AssetEnded, remaining: int) -> dict[str, int | str | bool]:
    return {**_track_facts(event.audiotrack_id, remaining), "asset": event.asset_id}


def _track_facts(track_id: AudiotrackId, remaining: int) -> dict[str, int | str | bool]:
    return {"audiotrack": track_id, "remaining": remaining}


def _text(facts: Mapping[str, int | str | bool], words: str) -> str:
    flat = " ".join(words.split())
    return f"{urlencode(facts, safe=',')}&title={flat.translate(_ESCAPES)}"
