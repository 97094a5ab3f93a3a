"""A worker whose child does what a hostile file might make it do: its job's kind says what."""

import errno
import os
import signal
import socket
import sys
import time
from pathlib import Path

import msgspec

from backend.assets.ingest.child import serve
from backend.assets.ingest.errors import SilentRecording
from backend.assets.ingest.result import Ingested

NAME = "0123456789abcdef" * 2 + ".txt"


def odd(source, *, kind, into, limits, progress):
    progress("decoding")
    DEEDS[kind](into)
    return Ingested(playable=NAME, original=NAME, files=(NAME,), mime_type="text/plain", text=kind)


def spin(_):
    while True:
        pass


def refuse(_):
    raise SilentRecording("Nobody speaks.", field="file")


def fill_the_disk(_):
    raise OSError(errno.ENOSPC, "No space left on device")


def eat(_):
    # Touched, so that it would be real.
    raise AssertionError(len(bytearray(3 << 30)))


def write_about_itself(into):
    (into / "facts").write_text(f"{os.environ.get('SECRET_KEY')} {Path.cwd()} {os.nice(0)} {'django' in sys.modules}")


def talk_nonsense(_):
    socket.socket(fileno=os.dup(0)).send(b"\x80nonsense")


def lie_about_names(_):
    made = {"playable": "../secret", "original": NAME, "files": [], "mime_type": "text/plain"}
    socket.socket(fileno=os.dup(0)).send(msgspec.msgpack.encode({"type": "Done", "ingested": made}))


DEEDS = {
    "nothing": lambda _: None,
    "refuse": refuse,
    "full": fill_the_disk,
    "fault": lambda _: 1 / 0,
    "crash": lambda _: os.kill(os.getpid(), signal.SIGSEGV),
    "exit": lambda _: os._exit(0),
    "spin": spin,
    "sleep": lambda _: time.sleep(60),
    "eat": eat,
    "orphan": lambda _: os.kill(os.getppid(), signal.SIGKILL),
    "nonsense": talk_nonsense,
    "lie": lie_about_names,
    "facts": write_about_itself,
}

if __name__ == "__main__":
    serve(socket.socket(fileno=sys.stdin.fileno()), odd)
