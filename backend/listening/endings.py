"""A visit ends, and with it what is heard during it."""

from django.db import transaction

from backend.listening.actions import close_stream
from backend.listening.models import Stream
from backend.resources.viewer import Viewer
from backend.visits.actions import end_visit
from backend.visits.models import Session
from backend.visits.queries import own_session


@transaction.atomic
def end_session(session_id: object, *, viewer: Viewer) -> Session:
    """The visit is over, and its stream closed; ending it again changes nothing. Raises NotFound, NotPermitted."""
    visit = own_session(session_id, viewer)
    ended = end_visit(visit)
    # The visit before its stream, as they are locked when it opens.
    stream = Stream.objects.filter(session=visit).first()
    if stream is not None:
        close_stream(stream.pk, viewer=viewer)
    return ended
