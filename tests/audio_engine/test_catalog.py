"""What the engine reads of a project and of a stream."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from audio_engine import catalog
from audio_engine.delivery.framing import FRAMINGS
from audio_engine.encoding.formats import Format
from audio_engine.planner.grid import seconds_of
from audio_engine.session import burst_granules
from audio_engine.soundscape import Ordering, Range
from backend.assets.models import TimedAsset, Vote, VoteType
from backend.geo.position import Position
from backend.listening.actions import close_stream, move_listener, open_stream, pause_stream
from backend.listening.models import ListenEvent, Stream, StreamState
from backend.listening.requests import MoveRequest, OpenRequest
from backend.tagging.models import UIGroup
from tests.cast import INSIDE, make_asset, make_session, make_speaker


@pytest.fixture
def stream(walk, cast):
    visit = make_session(walk.project, cast.contributor)
    request = OpenRequest(**INSIDE, tag_ids=[walk.tags[1].pk])
    return open_stream(visit.pk, viewer=cast.contributor, request=request)


class TestASoundscape:
    def test_it_holds_the_active_speakers_with_their_sources(self, walk):
        make_speaker(walk.project, code="off", is_active=False)
        far = make_speaker(walk.project, uri="https://sounds.example/b.mp3", backup_uri="/rwmedia/b%20c.mp3")
        found = catalog.soundscape(walk.project.pk)
        assert found.speakers.ids == (walk.speaker.pk, far.pk)
        media = settings.MEDIA_ROOT.resolve()
        assert found.speaker_sources[0].keys() == (f"file:{media}/a.mp3",)
        assert found.speaker_sources[1].keys() == ("https://sounds.example/b.mp3", f"file:{media}/b c.mp3")

    @pytest.mark.parametrize("uri", ["/rwmedia/b%20c.mp3", "https://sounds.example/b%20c.mp3?d=e"])
    def test_its_sources_are_fetched_by_others_where_they_are(self, uri):
        site = settings.PUBLIC_URL if uri.startswith("/") else ""
        assert catalog.address_of(catalog.source_key(uri)) == site + uri

    def test_it_holds_its_name_and_what_players_show_of_the_recordings(self, walk):
        walk.asset.description = "  Gulls at   the quay\nrecorded at dawn"
        walk.asset.save()
        long = make_asset(walk.project, description="word " * 1_000)
        make_asset(walk.project, description="")
        make_asset(walk.project, description="a picture", media_type="photo")
        found = catalog.soundscape(walk.project.pk)
        assert found.name == walk.project.name
        assert found.asset_titles == {walk.asset.pk: "Gulls at the quay", long.pk: ("word " * 20).strip() + "…"}

    def test_an_address_of_this_server_is_its_file(self):
        here = f"file:{settings.MEDIA_ROOT.resolve()}/a.mp3"
        assert catalog.source_key("/rwmedia/a.mp3") == here
        assert catalog.source_key("http://testserver/rwmedia/a.mp3") == here
        assert catalog.source_key("http://testserver.evil/rwmedia/a.mp3") == "http://testserver.evil/rwmedia/a.mp3"
        assert catalog.source_key("") is None

    def test_it_holds_the_recordings_with_all_that_decides_whether_they_play(self, walk, cast):
        hidden = make_asset(walk.project, submitted=False, latitude=None, longitude=None)
        make_asset(walk.project, media_type="photo")
        make_asset(None)
        visit = make_session(walk.project, cast.contributor)
        Vote.objects.create(session=visit, asset=walk.asset, vote_type=VoteType.LIKE)
        Vote.objects.create(session=visit, asset=walk.asset, vote_type=VoteType.FLAG)
        found = catalog.soundscape(walk.project.pk).assets
        assert found.ids.tolist() == [walk.asset.pk, hidden.pk]
        assert found.is_submitted.tolist() == [True, False]
        assert found.likes.tolist() == [1, 0]
        assert found.end_seconds.tolist() == [12.0, 12.0]
        assert found.meet([frozenset({walk.tags[0].pk})]).tolist() == [True, False]

    def test_it_holds_the_tracks_the_tag_rule_and_the_timed_assets(self, walk):
        walk.audiotrack.tag_filters.add(walk.tags[0])
        TimedAsset.objects.create(project=walk.project, asset=walk.asset, start_seconds=3, end_seconds=9)
        found = catalog.soundscape(walk.project.pk)
        (track,) = found.tracks
        assert track.duration_seconds == Range(10, 30)
        assert track.tag_ids == {walk.tags[0].pk}
        assert not track.fades_out_when_filtered
        assert found.tag_rule.default_tags == {tag.pk for tag in walk.tags}
        assert found.tag_rule.listen_categories == {walk.tags[0].category_id}
        assert [(timed.asset_id, timed.end_seconds) for timed in found.timed_assets] == [(walk.asset.pk, 9)]
        assert found.ordering is Ordering.RANDOM

    def test_a_track_that_does_not_say_bans_as_long_as_the_server(self, walk, settings):
        settings.ASSET_BAN_SECONDS = 42.0
        assert [track.banned_seconds for track in catalog.soundscape(walk.project.pk).tracks] == [42]
        walk.audiotrack.banned_seconds = 7
        walk.audiotrack.save()
        assert [track.banned_seconds for track in catalog.soundscape(walk.project.pk).tracks] == [7]

    def test_it_holds_what_sounds_out_of_range(self, walk):
        assert catalog.soundscape(walk.project.pk).out_of_range_source is None
        walk.project.out_of_range_url = "/rwmedia/far.mp3"
        walk.project.save()
        here = f"file:{settings.MEDIA_ROOT.resolve()}/far.mp3"
        assert catalog.soundscape(walk.project.pk).out_of_range_source == here

    def test_a_group_that_is_off_restricts_nothing(self, walk):
        UIGroup.objects.update(is_active=False)
        rule = catalog.soundscape(walk.project.pk).tag_rule
        assert (rule.default_tags, rule.listen_categories) == (frozenset(), frozenset())

    def test_its_cost_does_not_grow_with_the_rows(self, walk, django_assert_num_queries):
        for _ in range(5):
            make_asset(walk.project)
            make_speaker(walk.project)
        with django_assert_num_queries(11):
            catalog.soundscape(walk.project.pk)

    def test_no_project_is_none(self, db):
        assert catalog.soundscape(999) is None


class TestAStream:
    def test_it_is_found_by_its_id_and_by_its_session(self, stream, walk):
        found = catalog.stream_by_id(str(stream.pk))
        assert found == catalog.stream_by_number(stream.session_id)
        assert (found.key, found.seed, found.format, found.bitrate_kbps) == (stream.key, stream.seed, "mp3", 128)
        listener = found.listener()
        assert listener.position == Position(**INSIDE)
        assert listener.tag_ids == {walk.tags[1].pk}
        assert listener.is_geo and listener.language_id == 1
        assert not found.is_paused

    def test_it_has_what_was_said_last(self, stream, cast):
        Stream.objects.update(positioned_at=None)
        there = MoveRequest(latitude=60.2, longitude=24.9, heading=90, range_max=500)
        move_listener(stream.pk, viewer=cast.contributor, request=there)
        pause_stream(stream.pk, viewer=cast.contributor)
        found = catalog.stream_by_id(str(stream.pk))
        assert (found.position, found.heading, found.range_max) == (Position(60.2, 24.9), 90, 500)
        assert found.is_paused

    def test_it_has_what_its_listener_blocked_and_has_heard_since_it_was_opened(self, stream, walk, cast):
        theirs = make_asset(walk.project, user=cast.stranger)
        Vote.objects.create(session=stream.session, asset=theirs, voter=cast.contributor, vote_type=VoteType.BLOCK_USER)
        times = [stream.opened_at + timedelta(minutes=minutes) for minutes in (3, -1, 1)]
        for started_at in times:
            ListenEvent.objects.create(session=stream.session, asset=walk.asset, started_at=started_at)
        ListenEvent.objects.create(session=make_session(walk.project, cast.contributor), asset=walk.asset)
        found = catalog.stream_by_id(str(stream.pk))
        assert found.blocked_asset_ids == (theirs.pk,)
        assert found.listener().blocked_asset_ids == {theirs.pk}
        assert found.plays == (catalog.Play(walk.asset.pk, times[2]), catalog.Play(walk.asset.pk, times[0]))
        assert found.opened_at == stream.opened_at

    def test_what_was_heard_from_its_first_burst_on_is_there_too(self, stream, walk):
        burst = timedelta(seconds=seconds_of(burst_granules(FRAMINGS[Format.OPUS], 48)))
        first = stream.opened_at - burst
        for started_at in (first - timedelta(seconds=1), first):
            ListenEvent.objects.create(session=stream.session, asset=walk.asset, started_at=started_at)
        assert catalog.stream_by_id(str(stream.pk)).plays == (catalog.Play(walk.asset.pk, first),)

    def test_an_idle_one_is_found_by_its_audio_address_alone(self, stream):
        Stream.objects.update(state=StreamState.IDLE)
        assert catalog.stream_by_id(str(stream.pk)) is None
        assert catalog.stream_by_number(stream.session_id).key == stream.key

    def test_out_of_range_it_is_served_and_says_so(self, stream):
        Stream.objects.update(state=StreamState.OUT_OF_RANGE, is_paused=True)
        found = catalog.stream_by_id(str(stream.pk))
        assert (found.is_out_of_range, found.is_paused) == (True, True)

    def test_those_that_nobody_was_seen_at_are_listed_with_their_project(self, stream, walk):
        Stream.objects.update(last_seen_at=timezone.now() - timedelta(seconds=100))
        assert catalog.unseen_stream_ids(120) == []
        assert catalog.unseen_stream_ids(80) == [(str(stream.pk), walk.project.pk)]

    def test_a_closed_or_unknown_one_is_none(self, stream, cast):
        close_stream(stream.pk, viewer=cast.contributor)
        assert catalog.stream_by_id(str(stream.pk)) is None
        assert catalog.stream_by_number(stream.session_id) is None
        assert catalog.stream_by_number(999) is None
