"""What a listener does with the own stream, and what nobody else can do with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backend.assets.models import Asset, Vote, VoteType
from backend.bus.commands import (
    CloseStream,
    FilterTags,
    KeepAlive,
    MoveListener,
    OpenStream,
    PauseStream,
    PlayAsset,
    ResumeStream,
    SkipAsset,
)
from backend.bus.events import StreamClosed, StreamOpened
from backend.errors import InvalidInput, NotFound, NotPermitted
from backend.geo.position import Position
from backend.listening import actions
from backend.listening.liveness import StreamIsClosed, let_idle
from backend.listening.models import ListenEvent, Stream, StreamState
from backend.listening.queries import AssetIsBlocked
from backend.listening.requests import FORMATS, OFFERED_KBPS, MoveRequest, OpenRequest
from backend.projects.models import AUDIO_FORMATS, Bitrate
from backend.resources.viewer import ANONYMOUS
from backend.visits.models import Event, Session
from tests.cast import FAR_AWAY, INSIDE, LATITUDE, LONGITUDE, make_asset, make_session

HERE = OpenRequest(**INSIDE)
ELSEWHERE = {"latitude": LATITUDE + 0.001, "longitude": LONGITUDE - 0.001}


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


@pytest.fixture
def sent(recording_bus, django_capture_on_commit_callbacks):
    """Does something, and gives what was told when it was committed."""

    def act(action, *args, **kwargs):
        already = len(recording_bus.sent)
        with django_capture_on_commit_callbacks(execute=True):
            action(*args, **kwargs)
        return recording_bus.sent[already:]

    return act


@pytest.fixture
def stream(visit, cast):
    opened = actions.open_stream(visit.pk, viewer=cast.contributor, request=HERE)
    Event.objects.all().delete()
    return opened


def key(stream):
    return str(stream.pk)


def opened(stream):
    return StreamOpened(key(stream), stream.session.project_id, stream.session_id)


def closed(stream):
    return StreamClosed(key(stream), stream.session.project_id, "CLOSED")


def stored(stream):
    return Stream.objects.get(pk=stream.pk)


def events():
    return list(Event.objects.order_by("id").values_list("event_type", "latitude", "longitude", "tag_ids"))


def age(stream, seconds):
    """As if all that was stored of the stream's place had been stored so long ago."""
    Stream.objects.filter(pk=stream.pk).update(positioned_at=timezone.now() - timedelta(seconds=seconds))


class TestOpening:
    def test_a_stream_is_stored_and_the_engine_told(self, visit, cast, sent):
        request = OpenRequest(**INSIDE, tag_ids=["3", 1, 3], bitrate="64")
        commands = sent(actions.open_stream, visit.pk, viewer=cast.contributor, request=request)
        stream = Stream.objects.get()
        assert commands == [OpenStream(key(stream)), opened(stream)]
        assert (stream.session, stream.state, stream.format, stream.bitrate) == (visit, StreamState.PLAYING, "mp3", 64)
        assert (stream.latitude, stream.longitude, stream.tag_ids) == (LATITUDE, LONGITUDE, [3, 1])
        assert len(stream.key) >= 22
        assert events() == [("request_stream", str(LATITUDE), str(LONGITUDE), "3,1")]

    def test_coordinates_may_be_text(self, visit, cast):
        request = OpenRequest(latitude=" 60.17", longitude="24.94")
        opened = actions.open_stream(str(visit.pk), viewer=cast.contributor, request=request)
        assert (opened.latitude, opened.longitude) == (60.17, 24.94)

    def test_the_bitrate_is_the_projects_unless_asked_for(self, walk, visit, cast):
        walk.project.bitrate_kbps = 192
        walk.project.save()
        assert actions.open_stream(visit.pk, viewer=cast.contributor, request=HERE).bitrate == 192

    @pytest.mark.parametrize(
        ("projects", "asked_for", "expected"),
        [
            (("mp3", 128), {}, ("mp3", 128)),
            (("", 96), {}, ("mp3", 96)),
            (("audio/mpeg", 320), {}, ("mp3", 320)),
            (("mp3", 48), {}, ("mp3", 64)),
            (("opus", 96), {}, ("opus", 96)),
            (("OGG", 48), {}, ("opus", 48)),
            (("opus", 320), {}, ("opus", 128)),
            (("opus", 320), {"format": "mp3"}, ("mp3", 320)),
            (("opus", 96), {"bitrate": "112"}, ("opus", 112)),
            (("mp3", 256), {"format": "Opus"}, ("opus", 128)),
            (("mp3", 128), {"format": "ogg", "bitrate": 48}, ("opus", 48)),
            (("mp3", 128), {"format": "MP3", "bitrate": 320}, ("mp3", 320)),
        ],
    )
    def test_format_and_bitrate_are_those_asked_for_else_the_projects(
        self, walk, visit, cast, *, projects, asked_for, expected
    ):
        walk.project.audio_format, walk.project.bitrate_kbps = projects
        walk.project.save()
        request = OpenRequest(**INSIDE, **asked_for)
        stream = actions.open_stream(visit.pk, viewer=cast.contributor, request=request)
        stream.refresh_from_db()
        assert (stream.format, stream.bitrate) == expected

    def test_every_format_that_a_project_may_say_is_one_to_ask_for(self):
        assert set(AUDIO_FORMATS) == set(FORMATS)

    def test_every_bitrate_that_may_be_stored_is_offered_in_some_format(self):
        assert {rate for offered in OFFERED_KBPS.values() for rate in offered} == set(Bitrate.values)

    @pytest.mark.parametrize(
        ("request_", "error", "field"),
        [
            (OpenRequest(), InvalidInput, "latitude"),
            (OpenRequest(latitude=60), InvalidInput, "longitude"),
            (OpenRequest(longitude=24), InvalidInput, "latitude"),
            (OpenRequest(latitude=91, longitude=24), InvalidInput, "latitude"),
            (OpenRequest(latitude=60, longitude=-181), InvalidInput, "longitude"),
            (OpenRequest(latitude=float("nan"), longitude=24), InvalidInput, "latitude"),
            (OpenRequest(latitude="here", longitude=24), InvalidInput, "latitude"),
            (OpenRequest(**INSIDE, bitrate=127), InvalidInput, "bitrate"),
            (OpenRequest(**INSIDE, bitrate="128k"), InvalidInput, "bitrate"),
            (OpenRequest(**INSIDE, bitrate=True), InvalidInput, "bitrate"),
            (OpenRequest(**INSIDE, bitrate=48), InvalidInput, "bitrate"),
            (OpenRequest(**INSIDE, format="opus", bitrate=160), InvalidInput, "bitrate"),
            (OpenRequest(**INSIDE, format="ogg", bitrate=320), InvalidInput, "bitrate"),
            (OpenRequest(**INSIDE, format="wav"), InvalidInput, "format"),
            (OpenRequest(**INSIDE, format=""), InvalidInput, "format"),
            (OpenRequest(**INSIDE, tag_ids=["3", "x"]), InvalidInput, "tag_ids"),
            (OpenRequest(**INSIDE, tag_ids=[-1]), InvalidInput, "tag_ids"),
            (OpenRequest(**INSIDE, tag_ids=[10**30]), InvalidInput, "tag_ids"),
            (OpenRequest(**INSIDE, tag_ids=[True]), InvalidInput, "tag_ids"),
        ],
    )
    def test_what_cannot_be_is_refused_and_leaves_nothing(self, visit, cast, sent, *, request_, error, field):
        def act():
            with pytest.raises(error) as refusal:
                actions.open_stream(visit.pk, viewer=cast.contributor, request=request_)
            assert refusal.value.field == field

        assert sent(act) == []
        assert not Stream.objects.exists()
        assert not Event.objects.exists()

    def test_a_session_without_geo_listening_needs_no_place(self, walk, cast, sent):
        visit = make_session(walk.project, cast.contributor, geo_listen_enabled=False)
        commands = sent(actions.open_stream, visit.pk, viewer=cast.contributor)
        assert commands == [OpenStream(key(visit.stream)), opened(visit.stream)]
        assert (visit.stream.latitude, visit.stream.state) == (None, StreamState.PLAYING)

    def test_without_geo_listening_no_place_is_out_of_range(self, walk, cast):
        visit = make_session(walk.project, cast.contributor, geo_listen_enabled=False)
        opened = actions.open_stream(visit.pk, viewer=cast.contributor, request=OpenRequest(**FAR_AWAY))
        assert (opened.state, opened.latitude) == (StreamState.PLAYING, FAR_AWAY["latitude"])

    def test_out_of_range_the_stream_says_so_and_the_engine_serves_it(self, visit, cast, sent):
        commands = sent(actions.open_stream, visit.pk, viewer=cast.contributor, request=OpenRequest(**FAR_AWAY))
        stream = Stream.objects.get()
        assert stream.state == StreamState.OUT_OF_RANGE
        assert commands == [OpenStream(key(stream)), opened(stream)]

    def test_opening_again_moves_the_stream_and_keeps_the_rest(self, stream, visit, cast, sent):
        request = OpenRequest(**ELSEWHERE, bitrate=320)
        commands = sent(actions.open_stream, visit.pk, viewer=cast.contributor, request=request)
        again = Stream.objects.get()
        assert (again.pk, again.key, again.seed, again.bitrate) == (stream.pk, stream.key, stream.seed, 128)
        assert commands == [MoveListener(key(stream), Position(**ELSEWHERE))]
        assert (again.latitude, again.longitude) == (ELSEWHERE["latitude"], ELSEWHERE["longitude"])
        assert [event[0] for event in events()] == ["request_stream"]

    def test_opening_again_with_tags_chooses_them(self, stream, visit, cast, sent):
        request = OpenRequest(**INSIDE, tag_ids=[5])
        commands = sent(actions.open_stream, visit.pk, viewer=cast.contributor, request=request)
        assert commands == [MoveListener(key(stream), Position(**INSIDE)), FilterTags(key(stream), (5,))]
        assert stored(stream).tag_ids == [5]

    def test_a_closed_stream_opens_anew_under_another_key(self, stream, visit, cast, sent):
        actions.close_stream(stream.pk, viewer=cast.contributor)
        commands = sent(actions.open_stream, visit.pk, viewer=cast.contributor, request=HERE)
        again = Stream.objects.get()
        assert commands == [OpenStream(key(stream)), opened(stream)]
        assert (again.pk, again.state, again.closed_at) == (stream.pk, StreamState.PLAYING, None)
        assert again.key != stream.key
        assert again.seed != stream.seed

    def test_nobody_opens_anothers_stream(self, visit, cast, sent):
        def act():
            for viewer, error in ((cast.stranger, NotFound), (ANONYMOUS, NotFound), (cast.owner, NotPermitted)):
                with pytest.raises(error):
                    actions.open_stream(visit.pk, viewer=viewer, request=HERE)
            with pytest.raises(NotFound):
                actions.open_stream(999_999, viewer=cast.contributor, request=HERE)

        assert sent(act) == []
        assert not Stream.objects.exists()

    def test_the_staff_session_has_no_stream(self, cast):
        with pytest.raises(InvalidInput) as refusal:
            actions.open_stream(1, viewer=cast.curator, request=HERE)
        assert refusal.value.field == "session_id"
        assert Session.objects.filter(pk=1, stream=None).exists()


class TestMoving:
    def move(self, stream, viewer, **where):
        return actions.move_listener(key(stream), viewer=viewer, request=MoveRequest(**where))

    def test_a_move_is_stored_and_told(self, stream, cast, sent):
        aim = {"heading": -90, "width": "30", "range_min": 5, "range_max": 100.0}
        commands = sent(self.move, stream, cast.contributor, **ELSEWHERE, **aim)
        assert commands == [MoveListener(key(stream), Position(**ELSEWHERE), 270.0, 30.0, 5.0, 100.0)]
        row = stored(stream)
        assert (row.latitude, row.longitude) == (ELSEWHERE["latitude"], ELSEWHERE["longitude"])
        assert (row.heading, row.width, row.range_min, row.range_max) == (270.0, 30.0, 5.0, 100.0)
        assert events() == [("move_listener", str(row.latitude), str(row.longitude), None)]

    def test_the_aim_is_that_of_the_last_move(self, stream, cast):
        self.move(stream, cast.contributor, **INSIDE, heading=10)
        age(stream, 6)
        self.move(stream, cast.contributor, **INSIDE)
        assert stored(stream).heading is None

    def test_within_five_seconds_a_move_is_told_and_not_stored(self, stream, cast, sent):
        self.move(stream, cast.contributor, **INSIDE)
        age(stream, 4)
        commands = sent(self.move, stream, cast.contributor, **ELSEWHERE)
        assert commands == [MoveListener(key(stream), Position(**ELSEWHERE))]
        assert stored(stream).latitude == LATITUDE
        assert len(events()) == 1

    def test_after_five_seconds_it_is_stored_again(self, stream, cast):
        self.move(stream, cast.contributor, **INSIDE)
        age(stream, 5)
        self.move(stream, cast.contributor, **ELSEWHERE)
        assert stored(stream).latitude == ELSEWHERE["latitude"]
        assert len(events()) == 2

    def test_a_quick_move_asks_the_database_once(self, stream, cast, django_assert_num_queries):
        self.move(stream, cast.contributor, **INSIDE)
        with django_assert_num_queries(1):
            self.move(stream, cast.contributor, **ELSEWHERE)

    def test_walking_out_of_range_ends_nothing(self, stream, cast):
        assert self.move(stream, cast.contributor, **FAR_AWAY).state == StreamState.PLAYING

    def test_a_move_into_range_is_read_in_its_answer(self, visit, cast, sent):
        request = OpenRequest(**FAR_AWAY)
        stream = actions.open_stream(visit.pk, viewer=cast.contributor, request=request)
        self.move(stream, cast.contributor, **FAR_AWAY)
        assert stored(stream).state == StreamState.OUT_OF_RANGE
        commands = sent(self.move, stream, cast.contributor, **INSIDE)
        assert commands == [MoveListener(key(stream), Position(**INSIDE))]
        assert (stored(stream).state, stored(stream).latitude) == (StreamState.PLAYING, LATITUDE)

    def test_who_paused_out_of_range_is_paused_within(self, visit, cast):
        stream = actions.open_stream(visit.pk, viewer=cast.contributor, request=OpenRequest(**FAR_AWAY))
        actions.pause_stream(stream.pk, viewer=cast.contributor)
        assert self.move(stream, cast.contributor, **INSIDE).state == StreamState.PAUSED
        assert actions.resume_stream(stream.pk, viewer=cast.contributor).state == StreamState.PLAYING

    @pytest.mark.parametrize(
        ("where", "field"),
        [
            ({"latitude": 91, "longitude": 0}, "latitude"),
            ({"latitude": "NaN", "longitude": 0}, "latitude"),
            ({"latitude": None, "longitude": 0}, "latitude"),
            ({"latitude": 0, "longitude": "east"}, "longitude"),
            ({**INSIDE, "heading": "north"}, "heading"),
            ({**INSIDE, "heading": float("inf")}, "heading"),
            ({**INSIDE, "width": 361}, "width"),
            ({**INSIDE, "range_min": -1}, "range_min"),
            ({**INSIDE, "range_min": 10, "range_max": 5}, "range_max"),
            ({**INSIDE, "range_max": "undefined"}, "range_max"),
        ],
    )
    def test_what_is_no_place_is_refused_and_changes_nothing(self, stream, cast, sent, where, field):
        def act():
            with pytest.raises(InvalidInput) as refusal:
                self.move(stream, cast.contributor, **where)
            assert refusal.value.field == field

        assert sent(act) == []
        assert stored(stream).latitude == LATITUDE
        assert events() == []


DEEDS = {
    "move": lambda stream, viewer: actions.move_listener(stream, viewer=viewer, request=MoveRequest(**ELSEWHERE)),
    "filter": lambda stream, viewer: actions.filter_tags(stream, [7], viewer=viewer),
    "pause": lambda stream, viewer: actions.pause_stream(stream, viewer=viewer),
    "resume": lambda stream, viewer: actions.resume_stream(stream, viewer=viewer),
    "play": lambda stream, viewer: actions.play_asset(stream, Asset.objects.get().pk, viewer=viewer),
    "replay": lambda stream, viewer: actions.replay_asset(stream, viewer=viewer),
    "skip": lambda stream, viewer: actions.skip_asset(stream, viewer=viewer),
    "heartbeat": lambda stream, viewer: actions.heartbeat(stream, viewer=viewer),
    "close": lambda stream, viewer: actions.close_stream(stream, viewer=viewer),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_stranger_can_do_nothing_to_the_stream(stream, cast, sent, deed):
    before = Stream.objects.values().get()

    def act():
        for viewer in (cast.stranger, cast.owner, ANONYMOUS):
            with pytest.raises(NotFound) as foreign:
                DEEDS[deed](key(stream), viewer)
            with pytest.raises(NotFound) as absent:
                DEEDS[deed]("00000000-0000-4000-8000-000000000000", viewer)
            assert foreign.value.message == absent.value.message

    assert sent(act) == []
    assert Stream.objects.values().get() == before
    assert events() == []


@pytest.mark.parametrize("deed", DEEDS)
def test_staff_can_do_it(walk, stream, cast, sent, deed):
    ListenEvent.objects.create(session=stream.session, asset=walk.asset)
    command, *events = sent(DEEDS[deed], key(stream), cast.curator)
    assert command.stream_id == key(stream)
    assert events == ([closed(stream)] if deed == "close" else [])


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed != "close"])
def test_a_closed_stream_takes_no_commands(stream, cast, sent, deed):
    actions.close_stream(stream.pk, viewer=cast.contributor)
    before = Stream.objects.values().get()

    def act():
        with pytest.raises(StreamIsClosed):
            DEEDS[deed](key(stream), cast.contributor)

    assert sent(act) == []
    assert Stream.objects.values().get() == before


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed != "close"])
def test_an_idle_stream_comes_back_with_what_is_asked_of_it(walk, stream, cast, sent, deed):
    ListenEvent.objects.create(session=stream.session, asset=walk.asset)
    before = stored(stream)
    fall_idle(stream)
    event, command = sent(DEEDS[deed], key(stream), cast.contributor)
    assert (event, command.stream_id) == (opened(stream), key(stream))
    after = stored(stream)
    assert (after.key, after.seed, after.opened_at) == (before.key, before.seed, before.opened_at)
    assert after.state == (StreamState.PAUSED if deed == "pause" else StreamState.PLAYING)
    assert after.closed_at is None
    assert after.last_seen_at > before.last_seen_at


def fall_idle(stream):
    """As the engine's ledger writes it, four minutes later."""
    Stream.objects.filter(pk=stream.pk).update(last_seen_at=timezone.now() - timedelta(minutes=4))
    assert let_idle(key(stream), unseen_since=timezone.now())
    Event.objects.all().delete()


def test_an_idle_stream_comes_back_by_being_opened(stream, visit, cast, sent):
    fall_idle(stream)
    commands = sent(actions.open_stream, visit.pk, viewer=cast.contributor, request=OpenRequest(**ELSEWHERE))
    again = stored(stream)
    assert commands == [opened(stream), OpenStream(key(stream)), MoveListener(key(stream), Position(**ELSEWHERE))]
    assert (again.key, again.seed, again.state) == (stream.key, stream.seed, StreamState.PLAYING)


def test_a_paused_stream_is_still_paused_when_it_comes_back(stream, cast):
    actions.pause_stream(stream.pk, viewer=cast.contributor)
    fall_idle(stream)
    assert actions.heartbeat(stream.pk, viewer=cast.contributor).state == StreamState.PAUSED


def test_an_idle_stream_can_be_closed_for_good(stream, cast, sent):
    fall_idle(stream)
    assert sent(actions.close_stream, stream.pk, viewer=cast.contributor) == [CloseStream(key(stream))]
    assert stored(stream).state == StreamState.CLOSED
    with pytest.raises(StreamIsClosed):
        actions.heartbeat(stream.pk, viewer=cast.contributor)
    assert events() == []


def test_every_request_says_that_somebody_is_there(stream, cast):
    long_ago = timezone.now() - timedelta(seconds=6)
    for deed in (actions.pause_stream, actions.resume_stream, actions.skip_asset, actions.heartbeat):
        Stream.objects.update(last_seen_at=long_ago)
        deed(stream.pk, viewer=cast.contributor)
        assert stored(stream).last_seen_at > long_ago


def test_tags_are_stored_noted_and_told(stream, cast, sent):
    commands = sent(actions.filter_tags, stream.pk, ["8", 3, 8], viewer=cast.contributor)
    assert commands == [FilterTags(key(stream), (8, 3))]
    assert stored(stream).tag_ids == [8, 3]
    assert events() == [("modify_stream", None, None, "8,3")]


def test_no_tags_are_the_projects_default(stream, cast, sent):
    actions.filter_tags(stream.pk, [8], viewer=cast.contributor)
    assert sent(actions.filter_tags, stream.pk, [], viewer=cast.contributor) == [FilterTags(key(stream), ())]
    assert stored(stream).tag_ids == []


def test_a_stream_pauses_and_resumes(stream, cast, sent):
    assert sent(actions.pause_stream, stream.pk, viewer=cast.contributor) == [PauseStream(key(stream))]
    assert stored(stream).state == StreamState.PAUSED
    assert sent(actions.resume_stream, stream.pk, viewer=cast.contributor) == [ResumeStream(key(stream))]
    assert stored(stream).state == StreamState.PLAYING
    assert [event[0] for event in events()] == ["pause", "resume"]


def test_neither_brings_a_stream_into_range(visit, cast):
    stream = actions.open_stream(visit.pk, viewer=cast.contributor, request=OpenRequest(**FAR_AWAY))
    for deed in (actions.pause_stream, actions.resume_stream):
        assert deed(stream.pk, viewer=cast.contributor).state == StreamState.OUT_OF_RANGE
        assert stored(stream).state == StreamState.OUT_OF_RANGE


def test_a_skip_is_noted_and_told(stream, cast, sent):
    assert sent(actions.skip_asset, stream.pk, viewer=cast.contributor) == [SkipAsset(key(stream))]
    assert events() == [("skip_ahead", None, None, None)]


def test_a_recording_that_is_asked_for_is_noted_and_told(walk, stream, cast, sent):
    commands = sent(actions.play_asset, stream.pk, str(walk.asset.pk), viewer=cast.contributor)
    assert commands == [PlayAsset(key(stream), walk.asset.pk)]
    assert list(Event.objects.values_list("event_type", "data")) == [
        ("play_asset_in_stream", f"asset_id:{walk.asset.pk}")
    ]


def test_one_that_may_not_sound_is_neither_noted_nor_told(walk, stream, cast, sent):
    hidden = make_asset(walk.project, submitted=False)

    def act():
        with pytest.raises(NotFound):
            actions.play_asset(stream.pk, hidden.pk, viewer=cast.contributor)

    assert sent(act) == []
    assert events() == []


class TestReplaying:
    @pytest.fixture
    def heard(self, walk, stream, cast):
        """Notes that an asset was heard so many seconds ago."""

        def note(asset, seconds, session=stream.session):
            ago = timezone.now() - timedelta(seconds=seconds)
            return ListenEvent.objects.create(session=session, asset=asset, started_at=ago)

        return note

    def test_what_was_heard_last_is_noted_and_told(self, walk, stream, cast, sent, heard):
        last = make_asset(walk.project)
        heard(last, 5)
        heard(walk.asset, 20)
        heard(walk.asset, 1, make_session(walk.project, cast.contributor))
        assert sent(actions.replay_asset, stream.pk, viewer=cast.contributor) == [PlayAsset(key(stream), last.pk)]
        assert list(Event.objects.values_list("event_type", "data")) == [
            ("play_asset_in_stream", f"asset_id:{last.pk}")
        ]

    def test_of_two_at_once_it_is_the_one_that_was_noted_last(self, walk, stream, cast, sent, heard):
        first, second = heard(walk.asset, 5), heard(make_asset(walk.project), 0)
        ListenEvent.objects.filter(pk=second.pk).update(started_at=first.started_at)
        commands = sent(actions.replay_asset, stream.pk, viewer=cast.contributor)
        assert commands == [PlayAsset(key(stream), second.asset_id)]

    def test_before_anything_was_heard_there_is_nothing(self, stream, cast, refused):
        message = refused(InvalidInput, None, actions.replay_asset, stream.pk, viewer=cast.contributor)
        assert message == "There is nothing to replay yet."

    def test_what_may_not_sound_any_more_does_not(self, walk, stream, cast, refused, heard):
        heard(walk.asset, 5)
        Vote.objects.create(
            session=stream.session, asset=walk.asset, voter=cast.contributor, vote_type=VoteType.BLOCK_ASSET
        )
        refused(AssetIsBlocked, None, actions.replay_asset, stream.pk, viewer=cast.contributor)
        Asset.objects.filter(pk=walk.asset.pk).update(submitted=False)
        refused(NotFound, None, actions.replay_asset, stream.pk, viewer=cast.contributor)


def test_a_heartbeat_says_that_the_client_is_there(stream, cast, sent):
    long_ago = timezone.now() - timedelta(hours=1)
    Stream.objects.update(last_seen_at=long_ago)
    assert sent(actions.heartbeat, stream.pk, viewer=cast.contributor) == [KeepAlive(key(stream))]
    assert stored(stream).last_seen_at > long_ago
    assert events() == [("heartbeat", None, None, None)]


def test_a_stream_is_closed_once(stream, cast, sent):
    assert sent(actions.close_stream, stream.pk, viewer=cast.contributor) == [CloseStream(key(stream)), closed(stream)]
    row = stored(stream)
    assert row.state == StreamState.CLOSED
    assert sent(actions.close_stream, stream.pk, viewer=cast.contributor) == []
    assert stored(stream).closed_at == row.closed_at
    assert [event[0] for event in events()] == ["cleanup_session"]


def test_an_idle_stream_that_is_closed_had_ended_before(stream, cast, sent):
    fall_idle(stream)
    assert sent(actions.close_stream, stream.pk, viewer=cast.contributor) == [CloseStream(key(stream))]
    assert stored(stream).state == StreamState.CLOSED


def test_what_is_rolled_back_is_not_told(stream, cast, recording_bus, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        actions.pause_stream(stream.pk, viewer=cast.contributor)
    assert len(callbacks) == 1
    assert recording_bus.sent_of(PauseStream) == []
