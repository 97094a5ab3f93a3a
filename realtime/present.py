"""What a stream does at this moment, told as the events that bring a newcomer up to date."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.bus.events import (
    AssetEnded,
    AssetStarted,
    Event,
    GainsChanged,
    ListenerMoved,
    RangeEntered,
    RangeLeft,
    StreamClosed,
    StreamEvent,
    StreamOpened,
    StreamPaused,
    StreamResumed,
)
from backend.geo.position import Position
from backend.ids import PlayId, ProjectId, StreamId
from backend.listening.models import OPEN_STATES, Stream, StreamState


@dataclass(slots=True)
class Present:
    """The state of one stream, kept by its events."""

    moved: ListenerMoved | None = None
    gains: GainsChanged | None = None
    paused: StreamPaused | None = None
    out_of_range: RangeLeft | None = None
    plays: dict[PlayId, AssetStarted] = field(default_factory=dict)

    closed: StreamClosed | None = None

    def take(self, event: Event) -> None:
        """What has changed."""
        match event:
            case StreamOpened():
                self.closed = self.paused = self.out_of_range = None
            case StreamClosed():
                self.closed = event
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
        """A snapshot: where the listener is, how loud the speakers are, what plays, a pause, the distance.

        Of a stream that has ended: that alone.
        """
        if self.closed is not None:
            return [self.closed]
        known: list[StreamEvent | None] = [self.moved, self.gains, *self.playing(now), self.paused, self.out_of_range]
        return [event for event in known if event is not None]

    def playing(self, now: datetime) -> list[AssetStarted]:
        """What plays."""
        # An engine that died told nothing of the ends; no asset plays for longer than it was planned to.
        self.plays = {key: play for key, play in self.plays.items() if play.started_at + _planned(play) > now}
        return [*self.plays.values()]


def _planned(play: AssetStarted) -> timedelta:
    return timedelta(seconds=play.planned_seconds)


def as_stored(row: Stream) -> list[StreamEvent]:
    """The state of a stream as its row tells it."""
    stream_id, project_id = StreamId(str(row.pk)), ProjectId(row.session.project_id or 0)
    if row.state not in OPEN_STATES:
        return [StreamClosed(stream_id, project_id, StreamState(row.state).name)]
    events: list[StreamEvent] = []
    if row.latitude is not None and row.longitude is not None:
        events.append(ListenerMoved(stream_id, project_id, Position(row.latitude, row.longitude), row.heading))
    if row.is_paused:
        events.append(StreamPaused(stream_id, project_id))
    if row.state == StreamState.OUT_OF_RANGE:
        events.append(RangeLeft(stream_id, project_id))
    return events
