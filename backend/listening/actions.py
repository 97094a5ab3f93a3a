"""What a listener does with the own stream: check, write, and tell the engine on commit.

Each raises NotFound for a stream that is not the viewer's, and StreamIsClosed for one that was closed; one that has
ended for want of a listener comes back.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from backend.assets.models import Asset
from backend.bus import publish
from backend.bus.commands import (
    Command,
    FilterTags,
    KeepAlive,
    MoveListener,
    OpenStream,
    PauseStream,
    PlayAsset,
    ResumeStream,
    SkipAsset,
)
from backend.errors import InvalidInput
from backend.geo.position import Position
from backend.hearing.aim import NOT_AIMED, Aim
from backend.hearing.tags import checked_tag_ids
from backend.ids import AssetId, StreamId, TagId
from backend.journal.actions import record
from backend.listening.farewells import say_closed
from backend.listening.liveness import close_row, note_request, opening, wanted_stream
from backend.listening.models import Stream, StreamState, new_key, new_seed
from backend.listening.places import PLACE_FIELDS, enter_range, place, reaches
from backend.listening.queries import last_heard, playable_asset
from backend.listening.queries import stream as find_stream
from backend.listening.requests import MoveRequest, OpenRequest
from backend.resources.cleaning import cleaned
from backend.resources.viewer import Viewer
from backend.visits.actions import EventDetails, choose_language, go_on, note
from backend.visits.models import Session
from backend.visits.queries import own_session

# A walking listener sends a position a second: the engine gets each, the database one in this time.
STORE_POSITION_EVERY = timedelta(seconds=5)

OPEN_AS_IT_IS = OpenRequest()


@transaction.atomic
def open_stream(session_id: object, *, viewer: Viewer, request: OpenRequest = OPEN_AS_IT_IS) -> Stream:
    """The stream of this session: made, opened anew if it was closed, else only moved and given these tags.

    Out of range it has that state, and sounds as the project has it for this. Raises NotFound, NotPermitted (to an
    owner of the project), InvalidInput and Unsupported with the field.
    """
    visit = own_session(session_id, viewer)
    if visit.project is None:
        raise InvalidInput("This session is for uploads by staff.", field="session_id")
    position = request.position(is_required=visit.geo_listen_enabled)
    tag_ids = checked_tag_ids(request.tag_ids)
    encoding = request.encoding(visit.project)
    # Of two requests at once, one makes the row and the other finds it.
    Session.objects.select_for_update(no_key=True).get(pk=visit.pk)
    stream = Stream.objects.filter(session=visit).first() or Stream(session=visit, state=StreamState.CLOSED)
    stream.session = visit
    go_on(visit)
    note(visit, "request_stream", _details(position, tag_ids))
    if stream.state == StreamState.CLOSED:
        stream.format, stream.bitrate = encoding.format, encoding.bitrate_kbps
        _begin(stream, position, tag_ids)
        return stream
    if stream.state == StreamState.IDLE:
        stream = wanted_stream(stream.pk, viewer)
        _tell(OpenStream(_id(stream)))
    note_request(stream)
    if position is not None:
        _move(stream, position, NOT_AIMED)
    if tag_ids:
        _choose_tags(stream, tag_ids)
    return stream


def move_listener(stream_id: object, *, viewer: Viewer, request: MoveRequest) -> Stream:
    """The listener is now there. Raises InvalidInput."""
    position, aim = Position.checked(request.latitude, request.longitude), request.aim()
    stream = wanted_stream(stream_id, viewer)
    if _move(stream, position, aim):
        note(stream.session, "move_listener", _details(position))
    return stream


@transaction.atomic
def filter_tags(stream_id: object, tag_ids: Iterable[object], *, viewer: Viewer) -> Stream:
    """Only these tags from now on; none means the project's default. Raises InvalidInput for what is no id."""
    chosen = checked_tag_ids(tag_ids)
    stream = _asked(stream_id, viewer)
    note(stream.session, "modify_stream", _details(None, chosen))
    _choose_tags(stream, chosen)
    return stream


@transaction.atomic
def choose_stream_language(stream_id: object, code: str, *, viewer: Viewer) -> Stream:
    """The visit, and what it hears, go on in this language. Raises InvalidInput for one that is not known."""
    stream = _asked(stream_id, viewer)
    choose_language(stream.session_id, code, viewer=viewer)
    return stream


@transaction.atomic
def pause_stream(stream_id: object, *, viewer: Viewer) -> Stream:
    """The tracks fade out and start nothing; speakers go on."""
    stream = _asked(stream_id, viewer)
    _set_paused(stream, StreamState.PLAYING, StreamState.PAUSED)
    note(stream.session, "pause")
    _tell(PauseStream(_id(stream)))
    return stream


@transaction.atomic
def resume_stream(stream_id: object, *, viewer: Viewer) -> Stream:
    """The tracks play again."""
    stream = _asked(stream_id, viewer)
    _set_paused(stream, StreamState.PAUSED, StreamState.PLAYING)
    note(stream.session, "resume")
    _tell(ResumeStream(_id(stream)))
    return stream


@transaction.atomic
def skip_asset(stream_id: object, *, viewer: Viewer) -> Stream:
    """What plays on the tracks fades out; one track starts its next asset at once."""
    stream = _asked(stream_id, viewer)
    note(stream.session, "skip_ahead")
    _tell(SkipAsset(_id(stream)))
    return stream


@transaction.atomic
def play_asset(stream_id: object, asset_id: object, *, viewer: Viewer) -> Stream:
    """This recording plays at once, whatever bans it. Raises NotFound, InvalidInput and AssetIsBlocked (asset_id)."""
    stream = _asked(stream_id, viewer)
    return _play(stream, playable_asset(asset_id, stream, viewer))


@transaction.atomic
def replay_asset(stream_id: object, *, viewer: Viewer) -> Stream:
    """What was heard last plays again at once. Raises InvalidInput when there is nothing; else as `play_asset` does."""
    stream = _asked(stream_id, viewer)
    return _play(stream, playable_asset(last_heard(stream), stream, viewer, field=None))


@transaction.atomic
def heartbeat(stream_id: object, *, viewer: Viewer) -> Stream:
    """The client is still there."""
    stream = _asked(stream_id, viewer)
    note(stream.session, "heartbeat")
    _tell(KeepAlive(_id(stream)))
    return stream


@transaction.atomic
def close_stream(stream_id: object, *, viewer: Viewer) -> Stream:
    """Ends the stream; closing it again changes nothing."""
    stream = find_stream(stream_id, viewer)
    was = close_row(_id(stream))
    if was is not None:
        say_closed(stream, was=was)
    stream.refresh_from_db(fields=["state", "closed_at"])
    return stream


def _asked(stream_id: object, viewer: Viewer) -> Stream:
    stream = wanted_stream(stream_id, viewer)
    note_request(stream)
    return stream


def _play(stream: Stream, asset: Asset) -> Stream:
    note(stream.session, "play_asset_in_stream", EventDetails(data=f"asset_id:{asset.pk}"))
    _tell(PlayAsset(_id(stream), AssetId(asset.pk)))
    return stream


def _begin(stream: Stream, position: Position | None, tag_ids: tuple[TagId, ...]) -> None:
    stream.state = StreamState.PLAYING if reaches(stream, position) else StreamState.OUT_OF_RANGE
    stream.key, stream.seed, stream.tag_ids = new_key(), new_seed(), list(tag_ids)
    stream.opened_at = stream.last_seen_at = timezone.now()
    stream.closed_at = stream.positioned_at = None
    stream.is_paused = False
    place(stream, position, NOT_AIMED)
    cleaned(stream).save()
    _tell(OpenStream(_id(stream)))
    record(opening(stream))


def _move(stream: Stream, position: Position, aim: Aim) -> bool:
    """Whether it was stored: a move takes no lock of the database more often than it must."""
    returns = stream.state == StreamState.OUT_OF_RANGE and reaches(stream, position)
    stored_at, now = stream.positioned_at, timezone.now()
    is_due = returns or stored_at is None or now - stored_at >= STORE_POSITION_EVERY
    place(stream, position, aim)
    if is_due:
        stream.positioned_at = stream.last_seen_at = now
        stream.save(update_fields=[*PLACE_FIELDS, "positioned_at", "last_seen_at"])
    if returns:
        enter_range(stream)
    _tell(MoveListener(_id(stream), position, **asdict(aim)))
    return is_due


def _choose_tags(stream: Stream, tag_ids: tuple[TagId, ...]) -> None:
    stream.tag_ids = list(tag_ids)
    stream.save(update_fields=["tag_ids"])
    _tell(FilterTags(_id(stream), tag_ids))


def _set_paused(stream: Stream, before: StreamState, after: StreamState) -> None:
    """What the listener wants is kept out of range, too, where the state is another."""
    state = Case(When(state=before, then=Value(after.value)), default=F("state"))
    Stream.objects.filter(pk=stream.pk).update(is_paused=after == StreamState.PAUSED, state=state)
    stream.refresh_from_db(fields=["state", "is_paused"])


def _tell(command: Command) -> None:
    transaction.on_commit(partial(publish, command))


def _id(stream: Stream) -> StreamId:
    return StreamId(str(stream.pk))


def _details(position: Position | None, tag_ids: tuple[TagId, ...] = ()) -> EventDetails:
    return EventDetails(
        latitude=str(position.latitude) if position else None,
        longitude=str(position.longitude) if position else None,
        tag_ids=",".join(map(str, tag_ids)) or None,
    )
