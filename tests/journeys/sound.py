"""What a listener's MP3 holds, as numbers."""

import io
import threading
import time
import urllib.request

import av
import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 44_100


def decoded(mp3: bytes) -> NDArray[np.float64]:
    """The samples of both sides as one, -1 to 1."""
    with av.open(io.BytesIO(mp3), format="mp3") as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate(frames, axis=1).mean(axis=0)


def peak_hertz(samples: NDArray[np.float64]) -> float:
    """The loudest frequency."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * SAMPLE_RATE / len(samples))


def level_dbfs(samples: NDArray[np.float64]) -> float:
    """RMS; a full-scale sine is -3."""
    return float(20 * np.log10(max(np.sqrt(np.mean(samples**2)), 1e-10)))


class Recorder:
    """Listens to a stream in a thread and keeps all of it."""

    def __init__(self, url: str) -> None:
        self._response = urllib.request.urlopen(url, timeout=30)
        self.content_type = self._response.headers["Content-Type"]
        self._data = bytearray()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def received_bytes(self) -> int:
        return len(self._data)

    def wait_for(self, size: int, *, patience_seconds: float = 60.0) -> bytes:
        """All that has come, as soon as it is this much."""
        deadline = time.monotonic() + patience_seconds
        while len(self._data) < size:
            assert time.monotonic() < deadline, f"{len(self._data)} of {size} bytes in {patience_seconds:.0f} s"
            time.sleep(0.02)
        return bytes(self._data)

    def wait_for_end(self, *, patience_seconds: float = 60.0) -> None:
        """Until the other side has hung up."""
        self._thread.join(patience_seconds)
        assert not self._thread.is_alive(), f"it sounds still after {patience_seconds:.0f} s"

    def stop(self) -> bytes:
        """Hang up; all that came."""
        self._stopping.set()
        self._response.close()
        self._thread.join(5)
        return bytes(self._data)

    def _read(self) -> None:
        try:
            while not self._stopping.is_set() and (data := self._response.read1(4096)):
                self._data += data
        except (OSError, ValueError, AttributeError):
            return
