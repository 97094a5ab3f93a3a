"""What a client is given to play."""

import pytest

from backend.listening.actions import open_stream
from backend.listening.models import Stream
from backend.listening.offers import OUT_OF_RANGE_MESSAGE, Offer, OfferKind, offer
from backend.listening.queries import stream_url
from backend.listening.requests import OpenRequest
from backend.projects.models import Language, LocalizedString
from tests.cast import FAR_AWAY, INSIDE, Cast, Walk, make_session


@pytest.fixture
def stream(walk: Walk, cast: Cast) -> Stream:
    visit = make_session(walk.project, cast.contributor)
    return open_stream(visit.pk, viewer=cast.contributor, request=OpenRequest(**INSIDE))


def far(stream: Stream, cast: Cast) -> Stream:
    stream.delete()
    return open_stream(stream.session_id, viewer=cast.contributor, request=OpenRequest(**FAR_AWAY))


def test_within_range_it_is_the_stream(stream: Stream) -> None:
    assert offer(stream) == Offer(OfferKind.LIVE, stream_url(stream))


def test_out_of_range_it_is_what_the_project_says(stream: Stream, walk: Walk, cast: Cast) -> None:
    walk.project.out_of_range_url = "http://elsewhere.example/far.mp3"
    walk.project.save()
    english, finnish = 1, Language.objects.create(code="fi").pk
    for language, words in ((english, "Far away."), (finnish, "Kaukana.")):
        text = LocalizedString.objects.create(text=words, language_id=language)
        walk.project.out_of_range_message_texts.add(text)
    gone = far(stream, cast)
    assert offer(gone) == Offer(OfferKind.OUT_OF_RANGE, "http://elsewhere.example/far.mp3", "Far away.")
    gone.session.language_id = finnish
    assert offer(gone).message == "Kaukana."


def test_a_file_of_this_server_is_handed_out_with_its_host(stream: Stream, walk: Walk, cast: Cast) -> None:
    walk.project.out_of_range_url, walk.project.demo_stream_url = "/rwmedia/far.mp3", "/rwmedia/demo.mp3"
    walk.project.save()
    gone = far(stream, cast)
    assert offer(gone).url == "http://testserver/rwmedia/far.mp3"
    gone.session.demo_stream_enabled = True
    assert offer(gone).url == "http://testserver/rwmedia/demo.mp3"


def test_out_of_range_of_a_silent_project_it_is_the_stream_with_a_word(stream: Stream, cast: Cast) -> None:
    gone = far(stream, cast)
    assert offer(gone) == Offer(OfferKind.OUT_OF_RANGE, stream_url(gone), OUT_OF_RANGE_MESSAGE)


def test_a_demo_visit_gets_the_demo_of_a_project_that_has_one(stream: Stream) -> None:
    stream.session.demo_stream_enabled = True
    assert offer(stream).kind is OfferKind.LIVE
    stream.session.project.demo_stream_url = "http://elsewhere.example/demo.mp3"
    assert offer(stream) == Offer(OfferKind.DEMO, "http://elsewhere.example/demo.mp3")
