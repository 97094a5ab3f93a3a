"""Several changes of one stream at once, as the old API sends them: all of them, or none."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from backend.errors import InvalidInput
from backend.listening.actions import choose_stream_language, filter_tags, move_listener
from backend.listening.models import Stream
from backend.listening.queries import stream as find_stream
from backend.listening.requests import MoveRequest
from backend.resources.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamChange:
    """What is to change; None leaves it as it is. No tags at all are a choice: the project's default."""

    move: MoveRequest | None = None
    tag_ids: Iterable[object] | None = None
    language_code: str | None = None


NO_CHANGE = StreamChange()


def change_stream(stream_id: object, change: StreamChange, *, viewer: Viewer) -> Stream:
    """The stream, changed.

    Raises NotFound, StreamIsClosed, and InvalidInput also for a change of nothing.
    """
    if change == NO_CHANGE:
        raise InvalidInput("could not update stream: must supply something to update")
    if change.move is not None and change.tag_ids is None and change.language_code is None:
        # A walking listener asks for this once a second: no transaction, so no lock unless it must be stored.
        return move_listener(stream_id, viewer=viewer, request=change.move)
    return _change_together(stream_id, change, viewer)


@transaction.atomic
def _change_together(stream_id: object, change: StreamChange, viewer: Viewer) -> Stream:
    stream = find_stream(stream_id, viewer)
    if change.language_code is not None:
        stream = choose_stream_language(stream_id, change.language_code, viewer=viewer)
    if change.tag_ids is not None:
        stream = filter_tags(stream_id, change.tag_ids, viewer=viewer)
    if change.move is not None:
        stream = move_listener(stream_id, viewer=viewer, request=change.move)
    return stream
