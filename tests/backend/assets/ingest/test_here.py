import errno
from pathlib import Path

import pytest

from backend.assets.ingest.copying import copy_streams
from backend.decoding.demux import demuxed
from backend.errors import DomainError
from bench.hostile import HOSTILE, SECONDS
from tests.backend.assets.ingest.listening import ingested
from tests.backend.decoding.recordings import tone, write_wav


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_a_hostile_file_is_refused_with_a_code_and_leaves_nothing(tmp_path, hostile):
    path = hostile.write(tmp_path)
    with pytest.raises(DomainError) as refusal:
        ingested(path, tmp_path / "into", kind=hostile.kind, seconds=SECONDS)
    assert (refusal.value.code, refusal.value.field) == (hostile.code, "file")
    assert refusal.value.message.endswith((".", "?", ")."))
    assert list((tmp_path / "into").iterdir()) == []


@pytest.mark.parametrize("kind", ["audio", "photo", "text", "video"])
def test_a_file_may_have_as_many_bytes_as_allowed_and_not_one_more(tmp_path, kind):
    path = tmp_path / "a"
    path.write_bytes(bytes(1_001))
    with pytest.raises(DomainError) as refusal:
        ingested(path, tmp_path / "into", kind=kind, bytes=1_000)
    assert refusal.value.code == "FILE_TOO_LARGE"
    with pytest.raises(DomainError) as refusal:
        ingested(path, tmp_path / "into", kind=kind, bytes=1_001)
    assert refusal.value.code != "FILE_TOO_LARGE"


def test_a_full_disk_is_not_the_fault_of_the_file(tmp_path):
    path = write_wav(tmp_path / "a.wav", tone(440))
    with demuxed(path) as (opened, _), pytest.raises(OSError, match="No space") as failure:
        copy_streams(opened, opened.streams.audio, Path("/dev/full"), muxer="wav")
    assert failure.value.errno == errno.ENOSPC
    assert not isinstance(failure.value, DomainError)
