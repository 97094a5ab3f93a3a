"""Streams, for a viewer."""

import pytest

from backend.assets.models import MediaType, Vote, VoteType
from backend.bus.codec import Topic
from backend.bus.commands import DescribeStream, ExplainAsset
from backend.bus.replies import AssetExplanation, Reason, StreamDescription
from backend.errors import EngineUnavailable, InvalidInput, NotFound
from backend.listening import inquiry, queries
from backend.listening.models import ListenEvent, Stream, StreamState
from backend.listening.resources import LISTEN_EVENT
from backend.resources.viewer import ANONYMOUS
from tests.cast import make_asset, make_project, make_session


@pytest.fixture
def stream(walk, cast):
    return Stream.objects.create(session=make_session(walk.project, cast.contributor))


def test_a_stream_is_found_by_its_listener_and_staff(stream, cast):
    for viewer in (cast.contributor, cast.curator):
        assert queries.stream(str(stream.pk), viewer) == stream
        assert queries.stream_of_session(str(stream.session_id), viewer) == stream
    for viewer in (cast.stranger, cast.owner, ANONYMOUS):
        with pytest.raises(NotFound):
            queries.stream(stream.pk, viewer)
        with pytest.raises(NotFound):
            queries.stream_of_session(stream.session_id, viewer)


def test_a_session_without_a_stream_has_none(walk, cast):
    with pytest.raises(NotFound):
        queries.stream_of_session(make_session(walk.project, cast.contributor).pk, cast.contributor)


def test_the_audio_address_names_the_session_and_carries_the_key(stream, settings):
    settings.AUDIO_URL = "https://audio.example.org"
    expected = f"https://audio.example.org/stream{stream.session_id}.mp3?key={stream.key}"
    assert queries.stream_url(stream) == expected
    stream.format = "opus"
    assert queries.stream_url(stream) == expected.replace(".mp3", ".ogg")
    assert len(stream.key) >= 22


def test_the_engine_says_whether_a_stream_lives(stream, recording_bus):
    def answer(envelope):
        if isinstance(envelope.message, DescribeStream):
            recording_bus.answer(envelope, StreamDescription(envelope.message.stream_id, is_live=True, listeners=2))

    recording_bus.listen([Topic.COMMANDS], answer)
    assert queries.describe(stream) == StreamDescription(str(stream.pk), is_live=True, listeners=2)


def test_an_engine_that_does_not_answer_is_unavailable(stream, monkeypatch):
    monkeypatch.setattr(inquiry, "DEADLINE_SECONDS", 0.01)
    with pytest.raises(EngineUnavailable):
        queries.describe(stream)


@pytest.mark.parametrize("state", [StreamState.CLOSED, StreamState.IDLE])
def test_a_stream_that_is_not_open_is_not_asked_for(stream, state, recording_bus):
    stream.state = state
    assert queries.describe(stream) == StreamDescription(str(stream.pk), is_live=False, listeners=0)
    assert recording_bus.sent == []


class TestExplaining:
    REASONS = (Reason("near", True, "It is near."), Reason("banned", False, "It played a minute ago."))

    @pytest.fixture
    def engine(self, recording_bus):
        """An engine that knows the stream; gives the questions that it was asked."""
        asked = []

        def answer(envelope):
            question = envelope.message
            if isinstance(question, ExplainAsset):
                asked.append(question)
                reply = AssetExplanation(question.stream_id, question.asset_id, True, self.REASONS)
                recording_bus.answer(envelope, reply)

        recording_bus.listen([Topic.COMMANDS], answer)
        return asked

    def test_the_engine_says_why(self, walk, cast, stream, engine):
        for viewer in (cast.contributor, cast.curator):
            found = queries.explain_asset(str(stream.pk), str(walk.asset.pk), viewer)
            assert found.reasons == self.REASONS
        assert engine == [ExplainAsset(str(stream.pk), walk.asset.pk)] * 2

    def test_others_and_what_the_listener_does_not_see_are_not_explained(self, walk, cast, stream, engine):
        for viewer in (cast.stranger, cast.owner, ANONYMOUS):
            with pytest.raises(NotFound):
                queries.explain_asset(stream.pk, walk.asset.pk, viewer)
        hidden = make_asset(walk.project, submitted=False)
        with pytest.raises(NotFound) as refusal:
            queries.explain_asset(stream.pk, hidden.pk, cast.contributor)
        assert (refusal.value.field, engine) == ("asset_id", [])

    @pytest.mark.parametrize(
        ("state", "rule"),
        [(StreamState.CLOSED, "open"), (StreamState.IDLE, "open"), (StreamState.OUT_OF_RANGE, "out_of_range")],
    )
    def test_where_nothing_plays_it_needs_no_engine_to_say_so(self, walk, cast, stream, engine, *, state, rule):
        Stream.objects.update(state=state)
        (reason,) = queries.explain_asset(stream.pk, walk.asset.pk, cast.contributor).reasons
        assert (reason.rule, reason.passed, engine) == (rule, False, [])

    def test_an_engine_that_says_nothing_is_unavailable(self, walk, cast, stream, monkeypatch):
        monkeypatch.setattr(inquiry, "DEADLINE_SECONDS", 0.01)
        with pytest.raises(EngineUnavailable):
            queries.explain_asset(stream.pk, walk.asset.pk, cast.contributor)

    def test_an_engine_that_does_not_know_the_stream_is_unavailable(self, walk, cast, stream, recording_bus):
        unknown = AssetExplanation(str(stream.pk), walk.asset.pk, is_known=False)
        recording_bus.listen([Topic.COMMANDS], lambda envelope: recording_bus.answer(envelope, unknown))
        with pytest.raises(EngineUnavailable):
            queries.explain_asset(stream.pk, walk.asset.pk, cast.contributor)


def test_what_was_heard_is_seen_by_the_listener_the_owners_and_staff(walk, stream, cast):
    event = ListenEvent.objects.create(session=stream.session, asset=walk.asset)
    seen = {viewer.username for viewer in vars(cast).values() if event in LISTEN_EVENT.rows(viewer)}
    assert seen == {"owner", "contributor", "curator"}
    assert list(LISTEN_EVENT.rows(ANONYMOUS)) == []


def test_a_recording_that_the_listener_sees_may_be_asked_for(walk, cast, stream):
    own = make_asset(walk.project, submitted=False, user=cast.contributor)
    for asset in (walk.asset, own):
        assert queries.playable_asset(str(asset.pk), stream, cast.contributor) == asset


def test_what_the_listener_does_not_see_or_cannot_hear_may_not(walk, cast, stream):
    refused = [
        (NotFound, make_asset(walk.project, submitted=False)),
        (NotFound, make_asset(None, submitted=False)),
        (InvalidInput, make_asset(make_project(name="Another"))),
        (InvalidInput, make_asset(None, user=cast.contributor)),
        (InvalidInput, make_asset(walk.project, media_type=MediaType.PHOTO)),
        (InvalidInput, make_asset(walk.project, filename="")),
    ]
    for error, asset in refused:
        with pytest.raises(error) as refusal:
            queries.playable_asset(asset.pk, stream, cast.contributor)
        assert refusal.value.field == "asset_id"


def test_what_the_listener_has_blocked_may_not_even_if_staff_ask_for_it(walk, cast, stream):
    strangers = make_asset(walk.project, user=cast.stranger)
    Vote.objects.create(session=stream.session, asset=strangers, voter=cast.contributor, vote_type=VoteType.BLOCK_USER)
    another = make_asset(walk.project, user=cast.stranger)
    for viewer in (cast.contributor, cast.curator):
        with pytest.raises(queries.AssetIsBlocked) as refusal:
            queries.playable_asset(another.pk, stream, viewer)
        assert (refusal.value.code, refusal.value.field) == ("ASSET_BLOCKED", "asset_id")
    assert queries.playable_asset(walk.asset.pk, stream, cast.contributor) == walk.asset
