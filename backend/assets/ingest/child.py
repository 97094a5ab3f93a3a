"""A child process for each file, under limits that the kernel keeps.

The process that forks them never touches what strangers sent: it only holds the libraries, loaded, for its children.
"""

import logging
import os
import resource
import signal
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn, Protocol

from backend.assets.ingest.limits import MEMORY_BYTES, IngestLimits
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
    answer_bytes,
    job_of,
)
from backend.assets.ingest.result import Ingested
from backend.errors import DomainError

log = logging.getLogger("backend.assets.ingest")

# What plays streams comes first.
_NICENESS = 5


class Ingest(Protocol):
    """What `here.ingest_here` does."""

    def __call__(
        self, source: Path, *, kind: str, into: Path, limits: IngestLimits, progress: Callable[[str], None]
    ) -> Ingested:
        """Raises DomainError, OSError."""


def serve(line: socket.socket, ingest: Ingest) -> None:
    """One job after the other, until the gateway has gone. `ingest` is called in the child alone."""
    while packet := line.recv(MOST_BYTES):
        pid = os.fork()
        if pid == 0:
            _be_child(job_of(packet), ingest, partial(_send, line))
        _, status = os.waitpid(pid, 0)
        _send(line, Ended(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0))


def _send(line: socket.socket, answer: Answer) -> None:
    line.sendall(answer_bytes(answer))


def _be_child(job: Job, ingest: Ingest, send: Callable[[Answer], None]) -> NoReturn:
    """Supervises one job: whatever goes wrong ends this process and no other."""
    status = 1
    try:
        _limit(job.limits)
        send(_outcome(job, ingest, send))
        status = 0
    except Exception:
        log.exception("%s", job.source)
    finally:
        # What the parent has set up for its own exit is not the child's to do.
        os._exit(status)


def _limit(limits: IngestLimits) -> None:
    """The kernel ends this process when it takes too long, also while a library does not come back to Python."""
    os.nice(_NICENESS)
    signal.alarm(limits.wall_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _outcome(job: Job, ingest: Ingest, send: Callable[[Answer], None]) -> Outcome:
    try:
        ingested = ingest(
            Path(job.source),
            kind=job.kind,
            into=Path(job.into),
            limits=job.limits,
            progress=lambda stage: send(Progressed(stage)),
        )
    except DomainError as refusal:
        return Refused(refusal.code, refusal.message, refusal.field)
    except OSError as error:
        return DiskFailed(error.errno or 0, error.strerror or str(error))
    return Done(ingested)
