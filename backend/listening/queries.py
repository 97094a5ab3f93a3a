"""Streams, for a viewer: what they are, where they are heard, whether they live."""

from django.conf import settings

from backend.assets.blocking import blocked_asset_ids
from backend.assets.models import Asset, MediaType
from backend.assets.resources import ASSET
from backend.bus.commands import DescribeStream, ExplainAsset
from backend.bus.replies import AssetExplanation, Reason, StreamDescription
from backend.errors import DomainError, EngineUnavailable, InvalidInput, NotFound
from backend.ids import AssetId, StreamId
from backend.listening import inquiry
from backend.listening.models import OPEN_STATES, ListenEvent, Stream, StreamFormat, StreamState
from backend.listening.resources import STREAM
from backend.resources.viewer import Viewer
from backend.visits.queries import session

# Why nothing of a project plays in a stream, whatever the asset.
STANDSTILLS = {
    StreamState.OUT_OF_RANGE: Reason("out_of_range", False, "The listener is too far from every speaker."),
    StreamState.IDLE: Reason("open", False, "Nobody has listened for a while: the stream sleeps until somebody does."),
    StreamState.CLOSED: Reason("open", False, "The stream is closed."),
}


def stream(stream_id: object, viewer: Viewer) -> Stream:
    """A stream of the viewer's own (staff: any), with its session and project. Raises NotFound."""
    return STREAM.find(stream_id, viewer, field="stream_id", joined=("session__project",))


def stream_of_session(session_id: object, viewer: Viewer) -> Stream:
    """The stream of a session, which is how the old API names streams. Raises NotFound."""
    visit = session(session_id, viewer)
    row = STREAM.rows(viewer).select_related("session__project").filter(session=visit).first()
    if row is None:
        raise NotFound("Stream not found.", field="session_id")
    return row


class AssetIsBlocked(DomainError):
    """The listener does not want to hear this."""

    code = "ASSET_BLOCKED"


def last_heard(row: Stream) -> AssetId:
    """The asset that was heard last during this stream's visit. Raises InvalidInput when there is none."""
    heard = ListenEvent.objects.filter(session=row.session_id).order_by("-started_at", "-pk")
    asset_id = heard.values_list("asset_id", flat=True).first()
    if asset_id is None:
        raise InvalidInput("There is nothing to replay yet.")
    return AssetId(asset_id)


def playable_asset(asset_id: object, row: Stream, viewer: Viewer, *, field: str | None = "asset_id") -> Asset:
    """An asset that may sound in this stream when it is asked for. Raises NotFound, InvalidInput, AssetIsBlocked."""
    asset = ASSET.find(asset_id, viewer, field=field)
    if asset.project_id != row.session.project_id:
        raise InvalidInput("This asset is not of the stream's project.", field=field)
    if asset.media_type != MediaType.AUDIO or not asset.filename:
        raise InvalidInput("This asset is not a recording.", field=field)
    if blocked_asset_ids(row.session).filter(pk=asset.pk).exists():
        raise AssetIsBlocked("The listener has blocked this asset or its author.", field=field)
    return asset


def stream_url(row: Stream) -> str:
    """Where a player hears it; the key keeps others out."""
    return f"{settings.AUDIO_URL}/stream{row.session_id}.{StreamFormat(row.format).suffix}?key={row.key}"


def describe(row: Stream) -> StreamDescription:
    """What the engine says of this stream. Raises EngineUnavailable when it says nothing in time."""
    if row.state not in OPEN_STATES:
        return StreamDescription(StreamId(str(row.pk)), is_live=False, listeners=0)
    reply = inquiry.ask(DescribeStream(StreamId(str(row.pk))))
    if not isinstance(reply, StreamDescription):
        raise EngineUnavailable("The audio engine gave an answer to another question.")
    return reply


def is_live(row: Stream) -> bool:
    """Whether the engine serves this stream now; no engine serves nothing."""
    try:
        return describe(row).is_live
    except EngineUnavailable:
        return False


def explain_asset(stream_id: object, asset_id: object, viewer: Viewer) -> AssetExplanation:
    """Why an asset would play in a stream of the viewer's own (staff: any) now, or not: by the engine's own rules.

    Raises NotFound (stream_id, asset_id), and EngineUnavailable when the engine says nothing in time.
    """
    row, asset = stream(stream_id, viewer), ASSET.find(asset_id, viewer, field="asset_id")
    question = ExplainAsset(StreamId(str(row.pk)), AssetId(asset.pk))
    standstill = STANDSTILLS.get(StreamState(row.state))
    if standstill is not None:
        return AssetExplanation(question.stream_id, question.asset_id, is_known=False, reasons=(standstill,))
    reply = inquiry.ask(question)
    if not isinstance(reply, AssetExplanation) or not reply.is_known:
        raise EngineUnavailable("The audio engine does not know this stream.")
    return reply
