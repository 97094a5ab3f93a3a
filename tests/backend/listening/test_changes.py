"""Several changes at once: all of them, or none."""

import pytest

from backend.bus.commands import ChooseLanguage, FilterTags, MoveListener
from backend.errors import InvalidInput, NotFound
from backend.geo.position import Position
from backend.ids import StreamId
from backend.listening.actions import open_stream
from backend.listening.changes import StreamChange, change_stream
from backend.listening.models import Stream
from backend.listening.requests import MoveRequest, OpenRequest
from backend.projects.models import Language
from backend.visits.models import Event
from tests.cast import INSIDE, Cast, Walk, make_session
from tests.fakes import RecordingBus

MOVE = MoveRequest(latitude=60.171, longitude=24.941)


@pytest.fixture
def stream(walk: Walk, cast: Cast) -> Stream:
    Language.objects.create(code="fi", name="Finnish")
    visit = make_session(walk.project, cast.contributor)
    return open_stream(visit.pk, viewer=cast.contributor, request=OpenRequest(**INSIDE))


def test_all_of_it_happens_in_order(
    stream: Stream, cast: Cast, recording_bus: RecordingBus, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change_stream(stream.pk, StreamChange(move=MOVE, tag_ids=[4, "5"], language_code="fi"), viewer=cast.contributor)
    stream_id = StreamId(str(stream.pk))
    stream.session.refresh_from_db()
    assert recording_bus.sent[-3:] == [
        ChooseLanguage(stream_id, stream.session.language_id),
        FilterTags(stream_id, (4, 5)),
        MoveListener(stream_id, Position(60.171, 24.941)),
    ]
    assert stream.session.language.code == "fi"


@pytest.mark.parametrize(
    "change",
    [
        StreamChange(),
        StreamChange(move=MoveRequest(latitude=91, longitude=0), tag_ids=[4], language_code="fi"),
        StreamChange(move=MOVE, tag_ids=["x"], language_code="fi"),
        StreamChange(move=MOVE, language_code="xx"),
    ],
)
def test_a_part_that_is_refused_undoes_the_others(
    stream: Stream, cast: Cast, change: StreamChange, django_capture_on_commit_callbacks
) -> None:
    before = Stream.objects.values().get(), Event.objects.count()
    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(InvalidInput):
        change_stream(stream.pk, change, viewer=cast.contributor)
    assert (Stream.objects.values().get(), Event.objects.count()) == before
    stream.session.refresh_from_db()
    assert (stream.session.language.code, callbacks) == ("en", [])


def test_a_stranger_changes_nothing(stream: Stream, cast: Cast) -> None:
    for viewer in (cast.stranger, cast.owner):
        for change in (StreamChange(move=MOVE), StreamChange(tag_ids=[]), StreamChange(language_code="fi")):
            with pytest.raises(NotFound):
                change_stream(stream.pk, change, viewer=viewer)


def test_a_move_alone_takes_no_transaction(stream: Stream, cast: Cast, django_assert_num_queries) -> None:
    change = StreamChange(move=MOVE)
    change_stream(stream.pk, change, viewer=cast.contributor)
    # It finds the stream, and that was all: the position was stored a moment ago.
    with django_assert_num_queries(1):
        change_stream(stream.pk, change, viewer=cast.contributor)
