"""What a stream does at this moment, told as the events that bring a newcomer up to date."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.bus.events import (
    AssetEnded,
    AssetStarted,
    GainsChanged,
    ListenerMoved,
    RangeEntered,
    RangeLeft,
    StreamEvent,
    StreamPaused,
    StreamResumed,
)
from backend.ids import PlayId


@dataclass(slots=True)
class Present:
    """The state of one stream, kept by its events."""

    moved: ListenerMoved | None = None
    gains: GainsChanged | None = None
    paused: StreamPaused | None = None
    out_of_range: RangeLeft | None = None
    plays: dict[PlayId, AssetStarted] = field(default_factory=dict)

    def take(self, event: StreamEvent) -> None:
        """What has changed."""
        match event:
            case ListenerMoved():
                self.moved = event
            case GainsChanged():
                self.gains = event
            case StreamPaused():
                self.paused = event
            case StreamResumed():
                self.paused = None
            case RangeLeft():
                self.out_of_range = event
            case RangeEntered():
                self.out_of_range = None
            case AssetStarted():
                self.plays[event.play_id] = event
            case AssetEnded():
                self.plays.pop(event.play_id, None)

    def events(self, now: datetime) -> list[StreamEvent]:
        """A snapshot: where the listener is, how loud the speakers are, what plays, a pause, the distance."""
        # An engine that died told nothing of the ends; no asset plays for longer than it was planned to.
        playing = [play for play in self.plays.values() if play.started_at + _planned(play) > now]
        known: list[StreamEvent | None] = [self.moved, self.gains, *playing, self.paused, self.out_of_range]
        return [event for event in known if event is not None]


def _planned(play: AssetStarted) -> timedelta:
    return timedelta(seconds=play.planned_seconds)
