"""An ingest that a test holds in its hand: it makes small files at once, or fails as it is told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from backend.assets.ingest import Ingested, IngestLimits
from backend.assets.models import MediaType

STEM, ORIGINAL = "5" * 32, "7" * 32
WAVEFORM = {
    "version": 2,
    "channels": 1,
    "sample_rate": 44_100,
    "samples_per_pixel": 512,
    "bits": 8,
    "length": 1,
    "data": [-3, 4],
}


@dataclass
class FakeIngest:
    """`seen` are the contents it was given, `limits` the last ones; `during` is called while it works."""

    error: BaseException | None = None
    during: Callable[[], object] = lambda: None
    seen: list[bytes] = field(default_factory=list)
    limits: IngestLimits | None = None
    kind: str = ""

    def __call__(
        self, source: Path, *, kind: MediaType, into: Path, limits: IngestLimits, progress: Callable[[str], None]
    ) -> Ingested:
        """As `ingest.ingest`."""
        self.seen.append(source.read_bytes())
        self.limits, self.kind = limits, kind
        progress("decoding")
        (into / f"{STEM}.wav").write_bytes(b"a part")
        self.during()
        if self.error:
            raise self.error
        progress("encoding")
        return self._text(into) if kind == MediaType.TEXT else self._sound(into)

    def _sound(self, into: Path) -> Ingested:
        names = (f"{STEM}.wav", f"{STEM}.mp3", f"{STEM}.m4a", f"{ORIGINAL}.webm")
        for name in names:
            (into / name).write_text(name)
        return Ingested(
            playable=names[0],
            original=names[3],
            files=names,
            mime_type="audio/wav",
            duration_seconds=2.5,
            loudness_gain_db=3.25,
            waveform=WAVEFORM,
        )

    def _text(self, into: Path) -> Ingested:
        (into / f"{STEM}.wav").unlink()
        (into / f"{STEM}.txt").write_bytes(self.seen[-1])
        name = f"{STEM}.txt"
        text = self.seen[-1].decode()
        return Ingested(playable=name, original=name, files=(name,), mime_type="text/plain", text=text)
