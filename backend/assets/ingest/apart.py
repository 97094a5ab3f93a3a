"""Ingest in a process of its own, which a hostile file may block, crash or exhaust without harm to the gateway."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import MsgspecError

from backend.assets.ingest.errors import REFUSALS, IngestBusy, IngestFailed, IngestTimedOut
from backend.assets.ingest.limits import GRACE_SECONDS, WORKERS, IngestLimits
from backend.assets.ingest.messages import (
    MOST_BYTES,
    Answer,
    DiskFailed,
    Done,
    Ended,
    Job,
    Outcome,
    Progressed,
    Refused,
    answer_of,
    job_bytes,
)
from backend.assets.ingest.result import Ingested
from backend.errors import DomainError

log = logging.getLogger(__name__)

Progress = Callable[[str], None]
_ROOT = Path(__file__).resolve().parents[3]
COMMAND = (sys.executable, "-W", "ignore", "-m", "backend.assets.ingest.worker")
# Nothing secret: the rest of the environment stays here.
_INHERITED = ("PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
# A process that forks should have one thread.
_OWN = {"OPENBLAS_NUM_THREADS": "1"}


class Workers:
    """A few worker processes, started when they are first needed and anew when one has died."""

    def __init__(self, count: int = WORKERS, *, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._turns = threading.BoundedSemaphore(count)
        self._idle: list[_Worker] = []

    def ingest(self, source: Path, *, kind: str, into: Path, limits: IngestLimits, progress: Progress) -> Ingested:
        """What `source` holds as finished files in `into`, a directory of the caller's own on any file system.

        `kind` is a MediaType: what the file was sent as; what it is shows in its content alone. `progress` is called
        with "decoding" and "encoding", in this thread. Waits for as long as the file needs, within `limits`.
        Raises DomainError (codes in `errors`), and OSError when the disk is full; then `into` may hold parts.
        """
        job = Job(str(source.absolute()), str(kind), str(into.absolute()), limits)
        if not self._turns.acquire(timeout=limits.wall_seconds):
            raise IngestBusy("Too many files wait to be read; try again in a moment.")
        try:
            outcome = self._outcome(job, progress)
        finally:
            self._turns.release()
        return _ingested(outcome)

    def close(self) -> None:
        """End those that are idle."""
        while self._idle:
            self._idle.pop().kill()

    def _outcome(self, job: Job, progress: Progress) -> Outcome:
        worker = self._living()
        try:
            outcome = worker.outcome(job, progress)
        except BaseException:
            # It may still be at work, or gone.
            worker.kill()
            raise
        self._idle.append(worker)
        if isinstance(outcome, Ended):
            raise _death(outcome.signal)
        return outcome

    def _living(self) -> "_Worker":
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            worker.kill()
        return _Worker(self._command)


class _Worker:
    """One worker process, from this side."""

    def __init__(self, command: Sequence[str]) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=_ROOT,
                env={name: os.environ[name] for name in _INHERITED if name in os.environ} | _OWN,
                # A group of its own: it is killed with its child, and not by a Ctrl-C meant for us.
                start_new_session=True,
            )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def outcome(self, job: Job, progress: Progress) -> Outcome | Ended:
        """What came of a job; Ended when the child died before it had said so. Raises DomainError."""
        deadline = time.monotonic() + job.limits.wall_seconds + GRACE_SECONDS
        outcome: Outcome | None = None
        # A worker that is gone shows at the first answer.
        with suppress(ConnectionError):
            self._line.sendall(job_bytes(job))
        while not isinstance(answer := self._answer(deadline), Ended):
            if isinstance(answer, Progressed):
                progress(answer.stage)
            else:
                outcome = answer
        return outcome or answer

    def kill(self) -> None:
        """With whatever it is doing."""
        self._line.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _answer(self, deadline: float) -> Answer:
        self._line.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            return answer_of(self._line.recv(MOST_BYTES))
        except TimeoutError:
            raise _death(signal.SIGALRM) from None
        except (ConnectionError, MsgspecError) as error:
            # Nothing at all: it has gone, with its child. No answer of ours: it has been taken over.
            raise _death(0) from error


def _death(number: int) -> DomainError:
    if number in (signal.SIGALRM, signal.SIGXCPU):
        return IngestTimedOut("The file takes too long to read; try a shorter one.", field="file")
    log.warning("a file ended the process that read it, by signal %d", number)
    return IngestFailed("The file cannot be read: it is damaged, or asks too much of this server.", field="file")


def _ingested(outcome: Outcome) -> Ingested:
    match outcome:
        case Done(ingested):
            return ingested
        case Refused(code, message, field):
            raise REFUSALS.get(code, IngestFailed)(message, field=field)
        case DiskFailed(number, message):
            raise OSError(number, message)


ingest = Workers().ingest
