"""`python -m bench.latency`: how soon sound comes after a stream is opened, and how soon it changes after a PATCH; how
soon a page in Chromium sounds after play.

The first audio byte is timed from the request for a stream that nobody has heard before, whose burst has to be made;
the change from the answer to the PATCH, over the old API, to the first changed frame that arrives.
"""

import argparse
import io
import json
import math
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import av
import numpy as np
from numpy.typing import NDArray

from bench.browser import is_installed, play_to_sound_ms
from bench.rig import Rig, free_port, running_engine

if TYPE_CHECKING:
    from backend.projects.models import Project

SAMPLE_RATE, GRANULE_FRAMES = 44_100, 1_152
HERTZ = (441.0, 1_102.5)
# Whole periods of both fit into this many samples, so a tone of constant level gives the same number in each.
WINDOW = 400
LATITUDE = 60.17
LONGITUDES = (24.94, 24.96)
REST_SECONDS = 1.0
# Until nothing is rendered any more for the one before.
BURST_SECONDS = 0.3
# A glide moves the level by 2.3 % a window: over three of them it stands out from the encoder's own unrest.
CHANGED, APART = 0.02, 3


class Arrivals:
    """Reads a stream in a thread and keeps when each piece came."""

    def __init__(self, url: str) -> None:
        self._response = urllib.request.urlopen(url, timeout=30)
        self.pieces: list[tuple[float, bytes]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while data := self._response.read1(65_536):
            self.pieces.append((time.monotonic(), data))

    def data(self) -> bytes:
        """All that has come."""
        return b"".join(data for _, data in list(self.pieces))

    def arrived_at(self, byte: int) -> float:
        """When this byte of the stream came."""
        for at, data in self.pieces:
            if byte < len(data):
                return at
            byte -= len(data)
        raise IndexError(byte)


def main() -> None:
    """Open one stream after the other; then walk to and fro, and look in the sound for the moment of each change."""
    options = _options()
    with running_engine(options.streams + options.plays + 2, make_project=two_tones) as rig, _control() as control_url:
        url, *fresh = rig.urls
        unplayed, fresh = fresh[: options.plays + 1], fresh[options.plays + 1 :]
        _first_byte_ms(fresh.pop())
        opened = {
            "opened": [_first_byte_ms(one, rest_seconds=BURST_SECONDS) for one in fresh],
            "control": [_first_byte_ms(control_url) for _ in fresh],
        }
        delays = _delays_ms(rig, Arrivals(url), options.moves)
        played = play_to_sound_ms(rig.status_url, unplayed) if is_installed() else []
    for name, values in opened.items():
        print(f"{name:8} slowest {[round(value, 1) for value in sorted(values)[-5:]]} ms")
    print(f"changed  slowest {[round(delay) for delay in sorted(delays)[-5:]]} ms")
    print(f"chromium slowest {[round(one) for one in sorted(played)[-5:]]} ms")
    print(
        f"first_byte_ms_median={statistics.median(opened['opened']):.1f} "
        f"first_byte_ms_p95={_p95(opened['opened']):.1f} "
        f"control_ms_p95={_p95(opened['control']):.1f} streams={len(fresh)} "
        f"changed_frame_ms_median={statistics.median(delays):.0f} changed_frame_ms_p95={_p95(delays):.0f} "
        f"moves={options.moves} "
        + (f"play_to_sound_ms_p95={_p95(played):.0f} plays={len(played)}" if played else "play_to_sound_ms_p95=na")
    )


@contextmanager
def _control() -> Iterator[str]:
    """A server of canned bytes: what a connection and the first byte take on this machine now."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.control", str(port), "128"])
    try:
        time.sleep(1.0)
        yield f"http://127.0.0.1:{port}/canned"
    finally:
        process.terminate()
        process.wait()


def _first_byte_ms(url: str, *, rest_seconds: float = 0.0) -> float:
    """From the connection to the first byte of sound."""
    time.sleep(rest_seconds)
    parts = urlsplit(url)
    began = time.monotonic()
    with socket.create_connection((str(parts.hostname), parts.port or 80), timeout=30) as connection:
        connection.sendall(f"GET {parts.path}?{parts.query} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
        received = b""
        while not received.partition(b"\r\n\r\n")[2]:
            received += connection.recv(65_536)
        return (time.monotonic() - began) * 1000


def _delays_ms(rig: Rig, arrivals: Arrivals, moves: int) -> list[float]:
    time.sleep(3)
    answered = [_walk(rig, number % 2 == 0) for number in range(moves)]
    time.sleep(REST_SECONDS)
    changes = changed_frames(arrivals.data())
    frame_bytes = 128_000 / 8 * GRANULE_FRAMES / SAMPLE_RATE
    return [_delay_ms(at, changes, arrivals, frame_bytes) for at in answered]


def _p95(values: list[float]) -> float:
    return sorted(values)[math.ceil(len(values) * 0.95) - 1]


def changed_frames(mp3: bytes) -> list[int]:
    """The frames at which the level of the second tone begins to move away from where it rested."""
    with av.open(io.BytesIO(mp3), format="mp3") as container:
        samples = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    levels = _levels(samples, HERTZ[1])
    moving = np.abs(levels[APART:] - levels[:-APART]) > CHANGED * levels.max()
    starts = [index for index in np.flatnonzero(moving) if not moving[max(0, index - 20) : index].any()]
    return [int((index + APART) * WINDOW // GRANULE_FRAMES) for index in starts]


def _levels(samples: NDArray[np.float32], hertz: float) -> NDArray[np.float64]:
    windows = samples[: len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW)
    wave_ = np.exp(-2j * np.pi * hertz * np.arange(WINDOW) / SAMPLE_RATE)
    return np.asarray(np.abs(windows @ wave_) / WINDOW * 2)


def _delay_ms(answered_at: float, changes: list[int], arrivals: Arrivals, frame_bytes: float) -> float:
    times = [arrivals.arrived_at(int(frame * frame_bytes)) for frame in changes]
    return min((at - answered_at) * 1000 for at in times if at >= answered_at - 0.02)


def _walk(rig: Rig, is_east: bool) -> float:
    """Move, wait until everything rests, and return when the answer came."""
    body = json.dumps({"latitude": LATITUDE, "longitude": LONGITUDES[int(is_east)]}).encode()
    request = urllib.request.Request(
        f"{rig.gateway_url}/api/2/streams/{rig.streams[0].session_id}/",
        data=body,
        method="PATCH",
        headers={"Authorization": f"token {rig.token}", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).close()
    answered_at = time.monotonic()
    # Not a multiple of the tick, so that the moves meet it everywhere.
    time.sleep(REST_SECONDS + (answered_at * 7) % 0.2)
    return answered_at


def two_tones(media: Path) -> "Project":
    """Two zones apart, each with a tone; the listener begins in the western one."""
    from django.contrib.gis.geos import MultiPolygon, Polygon

    from backend.projects.models import Language, Project
    from backend.soundscape.models import Speaker

    project = Project.objects.create(
        name="Two tones", latitude=LATITUDE, longitude=LONGITUDES[0], listen_enabled=True, geo_listen_enabled=True
    )
    project.languages.add(Language.objects.get(pk=1))
    for hertz, longitude in zip(HERTZ, LONGITUDES, strict=True):
        _write_tone(media / f"{hertz}.wav", hertz)
        zone = Polygon.from_bbox((longitude - 0.005, LATITUDE - 0.005, longitude + 0.005, LATITUDE + 0.005))
        Speaker.objects.create(
            project=project,
            code=str(hertz),
            is_active=True,
            uri=f"/rwmedia/{hertz}.wav",
            shape=MultiPolygon(zone, srid=4326),
        )
    return project


def _write_tone(path: Path, hertz: float) -> None:
    samples = 0.25 * 32767 * np.sin(2 * np.pi * hertz * np.arange(SAMPLE_RATE * 2) / SAMPLE_RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.astype("<i2").tobytes())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--plays", type=int, default=20, help="how often Chromium plays, once it is warm")
    parser.add_argument("--streams", type=int, default=21, help="how many are opened; the first warms up")
    return parser.parse_args()


if __name__ == "__main__":
    main()
