"""A whole engine for a benchmark: a database, a project and streams of its own, the real process, the real bus."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.beside import running_beside
from bench.programme import SECONDS, write_programme

if TYPE_CHECKING:
    from backend.listening.models import Stream
    from backend.projects.models import Project

ROOT = Path(__file__).resolve().parents[1]
LATITUDE, LONGITUDE = 60.17, 24.94
PATIENCE_SECONDS = 60.0
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Rig:
    """The running engine and what it serves."""

    directory: Path
    pid: int
    urls: list[str]
    streams: "list[Stream]"
    token: str
    gateway_url: str
    status_url: str

    def cpu_seconds(self) -> float:
        """What the engine's process has used so far, all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

    def rss_kib(self) -> float:
        """What the engine's process holds in memory that is its own; shared sounds are left out."""
        _, resident, shared, *_ = map(int, Path(f"/proc/{self.pid}/statm").read_text().split())
        return (resident - shared) * PAGE_BYTES / 1024


MakeProject = Callable[[Path], "Project"]


@contextmanager
def running_engine(sessions: int, *, make_project: "MakeProject | None" = None) -> Iterator[Rig]:
    """An engine, and a gateway, with so many open streams of one project at its middle.

    `make_project` is given the media directory; without it there are two speakers and two tracks that never pause.
    """
    directory, port, gateway_port = Path(tempfile.mkdtemp(prefix="earshot-bench-")), free_port(), free_port()
    _prepare_environment(directory, port, gateway_port)
    (directory / "media").mkdir()
    token, streams, urls = _prepare_database(sessions, make_project or _walk, directory / "media")
    gateway_url, status_url = f"http://127.0.0.1:{gateway_port}", f"http://127.0.0.1:{port}/status"
    try:
        with (
            hub_beside(directory / "bus.sock"),
            _process("run_gateway", f"{gateway_url}/api/2/"),
            _process("run_engine", status_url) as keeper,
        ):
            yield Rig(directory, _child_of(keeper), urls, streams, token, gateway_url, status_url)
    finally:
        shutil.rmtree(directory)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _prepare_environment(directory: Path, port: int, gateway_port: int) -> None:
    os.environ |= {
        "SECRET_KEY": secrets.token_urlsafe(),
        "DATA_DIR": str(directory),
        "AUDIO_PORT": str(port),
        "GATEWAY_PORT": str(gateway_port),
        "AUDIO_URL": f"http://127.0.0.1:{port}",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "backend.config.settings",
    }


def _prepare_database(sessions: int, make_project: MakeProject, media: Path) -> "tuple[str, list[Stream], list[str]]":
    import django

    django.setup()
    from django.core.management import call_command

    from audio_engine.preparation import decode_ahead
    from backend.accounts.actions import register_device
    from backend.ids import ProjectId
    from backend.listening.actions import open_stream
    from backend.listening.queries import stream_url
    from backend.listening.requests import OpenRequest
    from backend.visits.actions import create_session

    call_command("migrate", verbosity=0)
    project = make_project(media)
    decode_ahead([ProjectId(project.pk)], patience_seconds=PATIENCE_SECONDS)
    user, token = register_device(secrets.token_hex(16), "bench")
    request = OpenRequest(latitude=project.latitude, longitude=project.longitude)
    streams = [
        open_stream(create_session(project.pk, viewer=user).pk, viewer=user, request=request) for _ in range(sessions)
    ]
    return token, streams, [stream_url(stream) for stream in streams]


def _walk(media: Path) -> "Project":
    from django.contrib.gis.geos import MultiPolygon, Polygon

    from backend.assets.models import Asset
    from backend.projects.models import Language, Project
    from backend.soundscape.models import Audiotrack, Speaker

    names = write_programme(media)
    loops, clips = names[:2], names[2:]
    project = Project.objects.create(
        name="Bench",
        latitude=LATITUDE,
        longitude=LONGITUDE,
        listen_enabled=True,
        geo_listen_enabled=True,
        recording_radius_metres=500,
        repeat_mode="continuous",
    )
    project.languages.add(Language.objects.get(pk=1))
    zone = Polygon.from_bbox((LONGITUDE - 0.05, LATITUDE - 0.02, LONGITUDE + 0.05, LATITUDE + 0.02))
    for name in loops:
        Speaker.objects.create(
            project=project,
            code=name[:10],
            is_active=True,
            uri=f"/rwmedia/{name}",
            shape=MultiPolygon(zone, srid=4326),
            # Farther than the middle is from the border: whoever walks hears another level with every step.
            attenuation_metres=3_000,
        )
    for name in clips:
        Asset.objects.create(
            project=project, filename=name, duration_seconds=SECONDS, latitude=LATITUDE, longitude=LONGITUDE
        )
        Audiotrack.objects.create(
            project=project,
            min_duration_seconds=SECONDS,
            max_duration_seconds=SECONDS,
            min_dead_air_seconds=0,
            max_dead_air_seconds=0,
            banned_seconds=1,
        )
    return project


@contextmanager
def hub_beside(path: Path) -> Iterator[None]:
    """The bus of the embedded default, served as long as the block runs."""
    with running_beside(_serve_hub(path)):
        wait_until(path.exists, "the bus")
        yield


async def _serve_hub(path: Path) -> None:
    from backend.bus.hub import Hub

    server = await Hub().serve(path)
    async with server:
        await server.serve_forever()


@contextmanager
def _process(command: str, url: str) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "manage.py", command], cwd=ROOT)
    try:
        wait_until_answering(url)
        yield process.pid
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _child_of(pid: int) -> int:
    """Who mixes; the engine's keeper only waits."""
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


def wait_until_answering(url: str) -> None:
    """Until something answers there, well or ill. Raises RuntimeError when nothing does in time."""
    wait_until(lambda: _answers(url), url)


def wait_until(is_ready: Callable[[], bool], name: str) -> None:
    """Raises RuntimeError when it is not in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_ready():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{name} was not there in {PATIENCE_SECONDS:.0f} s")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=1).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
