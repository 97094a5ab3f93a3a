import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from backend.assets.ingest.apart import Workers
from backend.assets.ingest.errors import IngestBusy, SilentRecording
from backend.assets.ingest.limits import IngestLimits
from backend.assets.models import MediaType
from backend.errors import DomainError
from tests.backend.assets.ingest.listening import ingested
from tests.backend.assets.ingest.odd_worker import NAME
from tests.backend.decoding.recordings import tone, write_wav

# A second of CPU, two of waiting.
SHORT = IngestLimits(seconds=0, base_cpu_seconds=1)
ODD = (sys.executable, "-m", "tests.backend.assets.ingest.odd_worker")


@pytest.fixture(scope="module")
def odd():
    """One worker, so that each test shows that it works on after the one before."""
    workers = Workers(1, command=ODD)
    yield workers
    workers.close()


def do(workers, kind, into, *, limits=SHORT, progress=lambda stage: None):
    return workers.ingest(into / "source", kind=kind, into=into, limits=limits, progress=progress)


def test_a_recording_comes_out_of_a_process_apart_as_out_of_this_one(tmp_path):
    source = write_wav(tmp_path / "a.wav", tone(440, seconds=0.5))
    here = ingested(source, tmp_path / "here")
    (tmp_path / "apart").mkdir()
    workers, steps = Workers(1), []
    try:
        apart = workers.ingest(
            source, kind=MediaType.AUDIO, into=tmp_path / "apart", limits=IngestLimits(), progress=steps.append
        )
    finally:
        workers.close()
    assert steps == ["decoding", "encoding"]
    assert {path.name for path in (tmp_path / "apart").iterdir()} == set(apart.files)
    assert (apart.duration_seconds, apart.loudness_gain_db) == (here.duration_seconds, here.loudness_gain_db)
    assert apart.waveform == here.waveform
    for ours, theirs in zip(here.files, apart.files, strict=True):
        if not ours.endswith(".m4a"):
            assert (tmp_path / "here" / ours).read_bytes() == (tmp_path / "apart" / theirs).read_bytes()


def test_a_refusal_keeps_its_class_its_words_and_its_field(odd, tmp_path):
    with pytest.raises(SilentRecording) as refusal:
        do(odd, "refuse", tmp_path)
    assert (refusal.value.message, refusal.value.field) == ("Nobody speaks.", "file")


def test_a_full_disk_is_told_as_one(odd, tmp_path):
    with pytest.raises(OSError, match="No space") as failure:
        do(odd, "full", tmp_path)
    assert failure.value.errno == errno.ENOSPC


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        ("fault", "INGEST_FAILED"),
        ("crash", "INGEST_FAILED"),
        ("exit", "INGEST_FAILED"),
        ("eat", "INGEST_FAILED"),
        ("spin", "INGEST_TIMED_OUT"),
        ("sleep", "INGEST_TIMED_OUT"),
    ],
)
def test_a_child_that_fails_is_one_refusal_and_its_worker_works_on(odd, tmp_path, deed, code):
    do(odd, "nothing", tmp_path)
    worker = odd._idle[0]
    began = time.monotonic()
    with pytest.raises(DomainError) as refusal:
        do(odd, deed, tmp_path)
    assert (refusal.value.code, refusal.value.field) == (code, "file")
    assert time.monotonic() - began < 10
    assert do(odd, "nothing", tmp_path).text == "nothing"
    assert odd._idle == [worker]


@pytest.mark.parametrize("deed", ["orphan", "nonsense", "lie"])
def test_a_worker_that_is_lost_is_replaced(odd, tmp_path, deed):
    with pytest.raises(DomainError) as refusal:
        do(odd, deed, tmp_path)
    assert refusal.value.code == "INGEST_FAILED"
    assert odd._idle == []
    assert do(odd, "nothing", tmp_path).files == (NAME,)


def test_a_worker_that_died_while_idle_is_replaced(odd, tmp_path):
    do(odd, "nothing", tmp_path)
    odd._idle[0]._process.kill()
    odd._idle[0]._process.wait()
    assert do(odd, "nothing", tmp_path).text == "nothing"


def test_a_caller_who_fails_on_the_way_takes_no_worker_with_him(odd, tmp_path):
    def progress(stage):
        raise LookupError(stage)

    with pytest.raises(LookupError):
        do(odd, "sleep", tmp_path, progress=progress)
    assert do(odd, "nothing", tmp_path).text == "nothing"


def test_a_child_knows_no_secret_and_no_django_and_steps_back_for_others(odd, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    do(odd, "facts", tmp_path)
    assert (tmp_path / "facts").read_text() == f"None {Path.cwd()} {os.nice(0) + 5} False"


def test_no_more_files_are_worked_on_at_a_time_than_there_are_workers(odd, tmp_path):
    waiting = threading.Event()

    def sleep():
        with pytest.raises(DomainError):
            do(odd, "sleep", tmp_path, progress=lambda stage: waiting.set())

    thread = threading.Thread(target=sleep)
    thread.start()
    waiting.wait(10)
    with pytest.raises(IngestBusy):
        do(odd, "nothing", tmp_path, limits=IngestLimits(seconds=0, base_cpu_seconds=0))
    thread.join()
    assert do(odd, "nothing", tmp_path).text == "nothing"


def test_a_worker_leaves_with_the_process_that_started_it(tmp_path):
    gateway = (
        "import sys; from pathlib import Path; from backend.assets.ingest.apart import Workers;"
        "from backend.assets.ingest.limits import IngestLimits; workers = Workers(1, command=sys.argv[1:]);"
        "workers.ingest(Path('a'), kind='nothing', into=Path('a'), limits=IngestLimits(), progress=str);"
        "print(workers._idle[0]._process.pid)"
    )
    ended = subprocess.run([sys.executable, "-c", gateway, *ODD], capture_output=True, text=True, check=True)
    deadline = time.monotonic() + 5
    while _lives(int(ended.stdout)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _lives(int(ended.stdout))


def _lives(pid):
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_the_gateway_loads_none_of_the_libraries_that_read_files():
    loaded = (
        "import sys, backend.assets.ingest; print(*{'av', 'numpy', 'scipy', 'PIL', 'pydub', 'django'} & {*sys.modules})"
    )
    ended = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == ""
