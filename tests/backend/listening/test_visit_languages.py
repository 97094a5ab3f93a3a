"""The language of a visit is the one of its running stream, whichever door changes it."""

from backend.bus.commands import ChooseLanguage
from backend.catalogue import writer
from backend.listening import actions
from backend.listening.requests import OpenRequest
from backend.projects.models import Language
from backend.visits.resources import SESSION
from tests.cast import INSIDE, make_session


def test_a_running_stream_hears_of_another_language(walk, cast, recording_bus, django_capture_on_commit_callbacks):
    finnish = Language.objects.create(code="fi", name="Finnish")
    visit = make_session(walk.project, cast.contributor)
    stream = actions.open_stream(visit.pk, viewer=cast.contributor, request=OpenRequest(**INSIDE))

    def told(data):
        already = len(recording_bus.sent)
        with django_capture_on_commit_callbacks(execute=True):
            writer.update(SESSION, visit.pk, data, viewer=cast.contributor)
        return recording_bus.sent[already:]

    assert told({"language": finnish.pk}) == [ChooseLanguage(str(stream.pk), finnish.pk)]
    assert told({"language": None}) == [ChooseLanguage(str(stream.pk), None)]
    actions.close_stream(stream.pk, viewer=cast.contributor)
    assert told({"language": 1}) == []
