"""A stream that is deleted, alone or with what it belongs to, is told to have ended, by whatever door."""

import pytest
from django.urls import reverse

from backend.accounts.models import User
from backend.bus.commands import CloseStream
from backend.bus.events import StreamClosed
from backend.catalogue import writer
from backend.journal.queries import entries
from backend.listening.actions import close_stream, open_stream
from backend.listening.models import Stream, StreamState
from backend.listening.requests import OpenRequest
from backend.projects.models import Project
from backend.projects.resources import PROJECT
from backend.visits.models import Session
from tests.cast import INSIDE, make_session

ENDS = (CloseStream, StreamClosed)


@pytest.fixture
def stream(walk, cast):
    return open_stream(
        make_session(walk.project, cast.contributor).pk, viewer=cast.contributor, request=OpenRequest(**INSIDE)
    )


@pytest.fixture
def told(recording_bus, django_capture_on_commit_callbacks):
    """Does something, and gives what was told of streams' ends when it was committed."""

    def act(delete, *args, **kwargs):
        already = len(recording_bus.sent)
        with django_capture_on_commit_callbacks(execute=True):
            delete(*args, **kwargs)
        return [each for each in recording_bus.sent[already:] if isinstance(each, ENDS)]

    return act


def farewell(stream, project_id):
    return [CloseStream(str(stream.pk)), StreamClosed(str(stream.pk), project_id, "CLOSED")]


def logged(project_id):
    return [each.event for each in entries(project_id, after=0) if isinstance(each.event, StreamClosed)]


def test_a_project_that_its_owner_deletes_ends_its_streams(walk, stream, cast, told):
    project_id, key = walk.project.pk, stream.pk
    other = open_stream(
        make_session(walk.project, cast.stranger).pk, viewer=cast.stranger, request=OpenRequest(**INSIDE)
    )
    sent = told(writer.delete, PROJECT, [project_id], viewer=cast.owner)
    both = [*farewell(stream, project_id), *farewell(other, project_id)]
    assert sorted(sent, key=repr) == sorted(both, key=repr)
    assert not Stream.objects.filter(pk__in=(key, other.pk)).exists()
    # What is logged of it outlives the project: who was away may still ask.
    assert sorted(map(repr, logged(project_id))) == sorted(repr(each) for each in both if isinstance(each, ENDS[1]))


@pytest.mark.parametrize("of", ["project", "session", "stream"])
def test_the_admin_tells_it_too(walk, stream, told, admin_client, of):
    row, room = {
        "project": (walk.project, "projects"),
        "session": (stream.session, "visits"),
        "stream": (stream, "listening"),
    }[of]
    address = reverse(f"admin:{room}_{of}_delete", args=[row.pk])
    assert told(admin_client.post, address, {"post": "yes"}) == farewell(stream, walk.project.pk)
    assert not Stream.objects.exists()
    assert logged(walk.project.pk) == farewell(stream, walk.project.pk)[1:]


def test_a_stream_ends_with_its_visit_and_not_with_its_listener(walk, stream, cast, told):
    assert told(User.objects.get(pk=cast.contributor.pk).delete) == []
    assert Stream.objects.get().state == StreamState.PLAYING
    assert told(Session.objects.filter(pk=stream.session_id).delete) == farewell(stream, walk.project.pk)


def test_of_what_had_ended_no_end_is_told(walk, stream, cast, told):
    close_stream(stream.pk, viewer=cast.contributor)
    before = logged(walk.project.pk)
    assert told(Project.objects.filter(pk=walk.project.pk).delete) == []
    assert logged(walk.project.pk) == before


def test_the_engine_is_told_of_an_idle_one_too(walk, stream, told):
    Stream.objects.update(state=StreamState.IDLE)
    assert told(stream.session.delete) == farewell(stream, walk.project.pk)[:1]
    assert logged(walk.project.pk) == []


def test_a_stream_that_was_closed_since_it_was_found_is_not_told_of_again(walk, stream, told):
    Stream.objects.update(state=StreamState.CLOSED)
    assert told(stream.delete) == []
