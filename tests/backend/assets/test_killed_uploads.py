"""kill -9 in the middle of uploads: after a sweep neither a row nor a file tells of them."""

import random
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from backend.assets.models import Asset, AssetUpload
from backend.assets.storage import locked
from backend.assets.sweeping import Swept, sweep
from tests.backend.assets.ingesting import ORIGINAL, STEM
from tests.cast import make_envelope, make_session

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = timedelta(0)
ROUNDS = 5


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def uploading(walk, cast, media):
    """Starts a process that uploads as the contributor; killed at the end of the block."""
    envelope = make_envelope(make_session(walk.project, cast.contributor))
    database = str(connection.settings_dict["NAME"])

    @contextmanager
    def start(where):
        module = [sys.executable, "-m", "tests.backend.assets.uploading"]
        root = Path(__file__).parents[3]
        command = [*module, database, str(media), str(envelope.pk), where]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield process
            finally:
                process.kill()

    return start


def files(folder):
    """All below, directories too."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.load
def test_while_its_file_is_read(uploading, media, walk):
    with uploading("ingest") as process:
        assert process.stdout.readline() == "here\n"
        (upload,) = AssetUpload.objects.all()
        assert sweep(AT_ONCE) == Swept(directories=0, files=0, interrupted=0, forgotten=0)
        assert len(files(media)) > 2
    assert sweep(AT_ONCE) == Swept(directories=1, files=0, interrupted=1, forgotten=0)
    upload.refresh_from_db()
    assert (upload.state, upload.error_code) == ("failed", "INTERRUPTED")
    assert (files(media), list(Asset.objects.all())) == ({".incoming"}, [walk.asset])


def test_after_its_files_have_moved_in_and_before_the_commit(uploading, media, walk):
    with uploading("store") as process:
        assert process.stdout.readline() == "here\n"
        assert (media / f"{STEM}.wav").exists() and (media / f"{ORIGINAL}.webm").exists()
    assert sweep(AT_ONCE) == Swept(directories=1, files=4, interrupted=1, forgotten=0)
    assert (files(media), list(Asset.objects.all())) == ({".incoming"}, [walk.asset])


@pytest.mark.load
def test_at_any_moment(uploading, media):
    acknowledged = []
    for _ in range(ROUNDS):
        with uploading("on") as process:
            acknowledged.append(process.stdout.readline())
            time.sleep(random.uniform(0, 0.5))
            process.kill()
            acknowledged += process.stdout.readlines()
        (directory,) = list((media / ".incoming").iterdir()) or [None]
        assert directory is None or locked(directory) is not None
        sweep(AT_ONCE)
    kept = {int(line) for line in acknowledged}
    stored = {asset.pk: asset for asset in Asset.objects.exclude(session=None)}
    assert len(kept) >= ROUNDS and kept <= set(stored)
    assert set(AssetUpload.objects.values_list("state", flat=True)) <= {"stored", "failed"}
    assert AssetUpload.objects.filter(state="stored").count() == len(stored)
    stems = [(Path(asset.filename).stem, asset.file.name) for asset in stored.values()]
    wanted = {name for stem, original in stems for name in (f"{stem}.wav", f"{stem}.mp3", f"{stem}.m4a", original)}
    assert files(media) == {".incoming", *wanted}
