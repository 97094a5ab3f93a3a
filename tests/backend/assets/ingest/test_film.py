import av
import numpy as np
import pytest

from backend.assets.ingest.errors import UnreadableVideo
from tests.backend.assets.ingest.listening import ingested
from tests.backend.decoding.recordings import tone


def write_film(path, *, container, pictures, sound):
    """A second of grey that becomes lighter, with a tone."""
    with av.open(str(path), "w", format=container) as file:
        file.metadata.update(title="secret title", location="+60.1699+024.9384/")
        screen, speaker = file.add_stream(pictures, rate=10), file.add_stream(sound, rate=48_000)
        screen.width = screen.height = 64
        screen.pix_fmt, speaker.layout = "yuv420p", "mono"
        for number in range(10):
            shade = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 20 * number, np.uint8), "rgb24")
            shade.pts = number
            file.mux(screen.encode(shade))
        frame = av.AudioFrame.from_ndarray(tone(440, rate=48_000).reshape(1, -1), "s16", "mono")
        frame.rate, frame.pts = 48_000, 0
        file.mux([*screen.encode(None), *speaker.encode(frame), *speaker.encode(None)])
    return path


@pytest.mark.parametrize(
    ("container", "pictures", "sound", "suffix"),
    [
        ("mp4", "libx264", "aac", "mp4"),
        ("mov", "libx264", "aac", "mp4"),
        ("mp4", "libx265", "aac", "mp4"),
        ("webm", "libvpx", "libopus", "webm"),
    ],
)
def test_a_film_looks_and_sounds_as_before_but_does_not_tell_where_it_was_taken(
    tmp_path, container, pictures, sound, suffix
):
    path = write_film(tmp_path / "x.mp3", container=container, pictures=pictures, sound=sound)
    made = ingested(path, tmp_path / "into", kind="video")
    assert made.files == (made.playable,) == (made.original,)
    assert made.mime_type == f"video/{suffix}"
    assert made.playable.endswith(f".{suffix}")
    assert made.duration_seconds is None
    content = (tmp_path / "into" / made.playable).read_bytes()
    assert b"secret" in path.read_bytes()
    assert b"secret" not in content
    assert b"60.1699" not in content
    for kind in ("video", "audio"):
        assert decoded(tmp_path / "into" / made.playable, kind) == decoded(path, kind)


def decoded(path, kind):
    with av.open(str(path)) as file:
        return [frame.to_ndarray().tobytes() for frame in file.decode(**{kind: 0})]


def test_the_sound_of_a_film_may_be_sent_as_a_recording(tmp_path):
    path = write_film(tmp_path / "a", container="webm", pictures="libvpx", sound="libopus")
    made = ingested(path, tmp_path / "into", kind="audio")
    assert made.duration_seconds == pytest.approx(1, abs=0.02)
    with av.open(str(tmp_path / "into" / made.original)) as kept:
        assert [stream.type for stream in kept.streams] == ["audio"]


def test_a_film_whose_index_is_missing_is_refused(tmp_path):
    path = write_film(tmp_path / "a", container="mp4", pictures="libx264", sound="aac")
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"moov") - 4])
    with pytest.raises(UnreadableVideo):
        ingested(path, tmp_path / "into", kind="video")
    assert list((tmp_path / "into").iterdir()) == []


def test_a_film_that_was_cut_before_its_first_picture_is_refused(tmp_path):
    path = write_film(tmp_path / "a", container="webm", pictures="libvpx", sound="libopus")
    content = path.read_bytes()
    # The id of Matroska's first cluster.
    path.write_bytes(content[: content.index(b"\x1f\x43\xb6\x75")])
    with pytest.raises(UnreadableVideo):
        ingested(path, tmp_path / "into", kind="video")
    assert list((tmp_path / "into").iterdir()) == []


def test_a_damaged_film_is_stored_or_refused_and_nothing_else(tmp_path):
    path = write_film(tmp_path / "a", container="mp4", pictures="libx264", sound="aac")
    whole, rng = np.frombuffer(path.read_bytes(), np.uint8), np.random.default_rng(7)
    for _ in range(60):
        damaged = whole.copy()
        damaged[rng.integers(12, len(damaged), 20)] = rng.integers(0, 256, 20)
        path.write_bytes(damaged.tobytes())
        try:
            ingested(path, tmp_path / "into", kind="video")
        except Exception as refusal:
            assert getattr(refusal, "code", refusal) in {"UNREADABLE_VIDEO", "UNSUPPORTED_MEDIA"}
