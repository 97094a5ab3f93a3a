"""A process that uploads, to be killed: `python -m tests.backend.assets.uploading DATABASE MEDIA ENVELOPE WHERE`.

WHERE is `ingest` or `store`, to stand still there with the first upload, or `on`, to upload one after the other by
the real ingest. It prints `here` when it stands still, and the id of each asset when that is stored.
"""

import sys
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings


def main(database: str, media: str, envelope_id: str, where: str) -> None:
    """Never returns."""
    django.setup()
    from django.db import connections

    connections["default"].settings_dict["NAME"] = database
    settings.MEDIA_ROOT, settings.BUS_URL = Path(media), "local:"
    upload_until_killed(int(envelope_id), where)


def upload_until_killed(envelope_id: int, where: str) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from backend.assets.contributions import UploadRequest
    from backend.assets.ingest import ingest
    from backend.assets.models import Envelope
    from backend.assets.signals import asset_contributed
    from backend.assets.uploads import add_upload
    from tests.backend.assets.ingesting import FakeIngest
    from tests.backend.decoding.recordings import tone, write_wav

    viewer = Envelope.objects.get(pk=envelope_id).session.user
    content = write_wav(settings.MEDIA_ROOT.parent / "a.wav", tone(440)).read_bytes()
    if where == "store":
        asset_contributed.connect(stand_still)
    chosen = ingest if where == "on" else FakeIngest(during=stand_still if where == "ingest" else lambda: None)
    while True:
        request = UploadRequest(envelope_id=envelope_id, file=SimpleUploadedFile("a.wav", content))
        print(add_upload(request, viewer=viewer, ingest=chosen).asset_id, flush=True)


def stand_still(**_: Any) -> None:
    """Until somebody kills this process."""
    print("here", flush=True)
    time.sleep(600)


if __name__ == "__main__":
    main(*sys.argv[1:])
