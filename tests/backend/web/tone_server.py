"""An engine's delivery for browser tests: an endless MP3 of one sine, with a burst of 2 s."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import lameenc
import numpy as np

SAMPLE_RATE = 44_100
CHUNK_FRAMES = 9_216
BURST_SECONDS = 2.0


class ToneServer(ThreadingHTTPServer):
    """Serves `url`; `frequency` may be changed while it sounds, `cut()` ends every stream of now."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Stream)
        self.frequency = 440.0
        self.cuts = 0
        self.connections = 0

    @property
    def url(self) -> str:
        """Where the stream is."""
        return f"http://127.0.0.1:{self.server_port}/stream1.mp3"

    def cut(self) -> None:
        """Breaks the connections that are open."""
        self.cuts += 1


class _Stream(BaseHTTPRequestHandler):
    server: ToneServer

    def do_GET(self) -> None:
        self.server.connections += 1
        cuts = self.server.cuts
        self.send_response(200)
        self.send_header("Content-Type", "audio/mpeg")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        try:
            for chunk in self._paced():
                if self.server.cuts > cuts:
                    return
                self.wfile.write(chunk)
        except OSError:
            return

    def _paced(self) -> Iterator[bytes]:
        encoder = lameenc.Encoder()
        encoder.set_in_sample_rate(SAMPLE_RATE)
        encoder.set_channels(1)
        encoder.set_bit_rate(128)
        encoder.set_quality(7)
        started, sent, phase = time.monotonic(), 0, 0.0
        while True:
            steps = np.full(CHUNK_FRAMES, 2 * np.pi * self.server.frequency / SAMPLE_RATE)
            phases = phase + np.cumsum(steps)
            phase = phases[-1]
            yield bytes(encoder.encode((8_000 * np.sin(phases)).astype(np.int16).tobytes()))
            sent += CHUNK_FRAMES
            time.sleep(max(0.0, started + sent / SAMPLE_RATE - BURST_SECONDS - time.monotonic()))

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


@contextmanager
def tone_server() -> Iterator[ToneServer]:
    """A server that runs for a while."""
    with ToneServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
