"""How far an upload has come: kept in its row, each step in a transaction of its own, and told on commit."""

import uuid
from functools import partial
from types import TracebackType
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.assets.models import AssetUpload, Envelope, UploadState
from backend.bus import publish
from backend.bus.events import UploadChanged
from backend.errors import DomainError, InvalidInput
from backend.ids import AssetId, ProjectId, SessionId, UploadId
from backend.resources.cleaning import cleaned
from backend.visits.actions import note

FAULT = "INTERNAL_ERROR"


@transaction.atomic
def begin(upload_id: uuid.UUID, envelope: Envelope) -> AssetUpload:
    """The upload's row: a new one, or that of an attempt which failed or whose process was killed."""
    upload = AssetUpload.objects.select_related("session").filter(pk=upload_id).first()
    upload = upload or AssetUpload(pk=upload_id, session=envelope.session, envelope=envelope)
    if upload.envelope_id != envelope.pk:
        raise InvalidInput("This id names another upload.", field="upload_id")
    if upload.state == UploadState.STORED:
        return upload
    note(envelope.session, "start_upload")
    upload.state, upload.error_code, upload.error_message = UploadState.RECEIVED, "", ""
    cleaned(upload).save()
    _announce(upload)
    return upload


class Attempt:
    """Keeps with an upload why it failed."""

    def __init__(self, upload: AssetUpload) -> None:
        self._upload = upload

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        match error:
            case None:
                return
            case DomainError():
                code, message = error.code, error.message
            case _:
                code, message = FAULT, "Something went wrong here."
        advance(self._upload, UploadState.FAILED, asset=None, error_code=code, error_message=message)


def advance(upload: AssetUpload, state: str, **facts: Any) -> None:
    """The upload has come so far; whoever follows it is told on commit. One that was deleted meanwhile is left so."""
    changes = {"state": UploadState(state), "updated_at": timezone.now(), **facts}
    for name, value in changes.items():
        setattr(upload, name, value)
    with transaction.atomic():
        is_there = AssetUpload.objects.filter(pk=upload.pk).update(**changes) == 1
        if is_there:
            _announce(upload)


def _announce(upload: AssetUpload) -> None:
    change = UploadChanged(
        UploadId(str(upload.pk)),
        ProjectId(upload.session.project_id or 0),
        SessionId(upload.session_id),
        str(upload.state),
        None if upload.asset_id is None else AssetId(upload.asset_id),
    )
    transaction.on_commit(partial(publish, change))
