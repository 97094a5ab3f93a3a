"""Messages survive the wire."""

from datetime import UTC, datetime

import pytest

from backend.bus.codec import Envelope, Topic, UnknownMessage, decode, encode
from backend.bus.commands import FilterTags, MoveListener, WatchMix
from backend.bus.events import (
    AssetStarted,
    GainsChanged,
    MixedAsset,
    MixedSpeaker,
    MixPlanned,
    MixPoint,
    SoundscapeChanged,
    SpeakerGain,
)
from backend.bus.replies import StreamDescription
from backend.geo.position import Position
from backend.ids import AssetId, AudiotrackId, PlayId, ProjectId, SpeakerId, StreamId, TagId

STREAM = StreamId("7d9c")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FADE = (MixPoint(0.0, 0.25), MixPoint(0.5, 0.0))
MESSAGES = [
    (MoveListener(STREAM, Position(60.17, 24.94), heading=350.0), Topic.COMMANDS),
    (FilterTags(STREAM, (TagId(3), TagId(5))), Topic.COMMANDS),
    (GainsChanged(STREAM, ProjectId(1), (SpeakerGain(SpeakerId(2), 0.25),)), Topic.EVENTS),
    (
        AssetStarted(
            STREAM,
            ProjectId(1),
            PlayId("p"),
            AssetId(4),
            AudiotrackId(5),
            datetime(2026, 11, 22, 10, 0, 0, 209, tzinfo=UTC),
            1.5,
            8.25,
        ),
        Topic.EVENTS,
    ),
    (WatchMix(STREAM), Topic.COMMANDS),
    (
        MixPlanned(
            STREAM,
            ProjectId(1),
            begins_at=NOON,
            until=NOON,
            delay_seconds=2.5,
            speakers=(
                MixedSpeaker(SpeakerId(2), "/s.wav", 60.0, 4.5, FADE),
                MixedSpeaker(None, "/far.mp3", 9.0, 0.0, ()),
            ),
            assets=(MixedAsset(PlayId("p"), AssetId(4), AudiotrackId(5), 1, 1.5, NOON, NOON, FADE, FADE),),
        ),
        Topic.EVENTS,
    ),
    (SoundscapeChanged(ProjectId(1)), Topic.CHANGES),
    (StreamDescription(STREAM, is_live=True, listeners=1), Topic.REPLIES),
]


@pytest.mark.parametrize(("message", "topic"), MESSAGES)
def test_a_message_comes_back_equal_and_under_its_topic(message, topic):
    envelope = decode(encode(Envelope(message, "q1")))
    assert envelope == Envelope(message, "q1")
    assert envelope.topic is topic


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[1]", b'{"kind":"Shutdown","body":{}}', b'{"kind":"MoveListener","body":{"stream_id":5}}'],
)
def test_foreign_bytes_are_refused_by_one_error(data):
    with pytest.raises(UnknownMessage):
        decode(data)
