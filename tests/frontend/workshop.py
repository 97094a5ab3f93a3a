"""Where a frontend is built: its packages from their lock, in a directory that no commit holds."""

import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
ROOT = SOURCES.parents[1]
# Two levels below the root, as the sources are: codegen.json names the schema from there.
BUILD = ROOT / "build" / "frontend"
LOCKED = ("package.json", "package-lock.json")
PATIENCE_SECONDS = 300


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    """Runs in the build directory, where `node`, `npm` and what the packages bring are found."""
    places = [str(BUILD / "node_modules" / ".bin"), os.environ["PATH"], str(ROOT / ".venv" / "bin")]
    return subprocess.run(
        command,
        cwd=BUILD,
        env=os.environ | {"PATH": os.pathsep.join(places)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def done(*command: str) -> str:
    """What the command printed; fails with all that it said."""
    ran = run(*command)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@cache
def build() -> None:
    """Copies the sources beside their packages, which are fetched when their lock has changed."""
    BUILD.mkdir(parents=True, exist_ok=True)
    # What an earlier run was killed over must not be compiled with it.
    shutil.rmtree(BUILD / "client", ignore_errors=True)
    shutil.copytree(SOURCES, BUILD, ignore=shutil.ignore_patterns("*.py", "__pycache__"), dirs_exist_ok=True)
    stamp = BUILD / ".installed"
    lock = hashlib.sha256(b"".join((SOURCES / name).read_bytes() for name in LOCKED)).hexdigest()
    if not stamp.exists() or stamp.read_text() != lock:
        done("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        stamp.write_text(lock)
