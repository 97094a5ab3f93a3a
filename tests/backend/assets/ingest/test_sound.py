import os
import re

import av
import numpy as np
import pytest

from backend.assets.ingest.errors import SilentRecording
from backend.assets.ingest.here import ingest_here
from backend.assets.ingest.limits import IngestLimits
from backend.assets.ingest.result import Ingested
from backend.decoding.errors import AudioTooLong
from tests.backend.assets.ingest.listening import heard, hiss, ingested, lufs, stored, true_peak_db
from tests.backend.decoding.recordings import RECIPES, Recipe, loudest_hertz, tone, write_recording, write_wav

FLAC = Recipe("sound.flac", "flac", "flac")
NAME = re.compile(r"[0-9a-f]{32}\.(wav|mp3|m4a|aiff|caf|flac|ogg|webm)")


def recorded(hertz, *, seconds=1.0, rate=44_100):
    """A quiet tone with a second of nothing before and half a second after it."""
    return np.concatenate([hiss(1, rate=rate), tone(hertz, seconds=seconds, rate=rate) // 4, hiss(0.5, rate=rate)])


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_kind_of_recording_is_trimmed_and_levelled_and_written_thrice(tmp_path, recipe):
    sides = [recorded(440, rate=recipe.rate), recorded(1_000, rate=recipe.rate)]
    into = tmp_path / "into"
    source = write_recording(tmp_path, recipe, *sides)
    made = ingested(source, into)
    sound = stored(into / made.playable)

    assert made.duration_seconds == len(sound) / 44_100 == pytest.approx(1.1, abs=0.03)
    assert lufs(sound) == pytest.approx(-18, abs=0.5)
    assert true_peak_db(sound) <= -1
    stem = made.playable.removesuffix(".wav")
    for suffix in (".wav", ".mp3", ".m4a"):
        copy = heard(into / (stem + suffix))
        # The encoders add their delay, and fill up their last frame.
        assert 0 <= len(copy) - len(sound) < 4 * 1_152
        middle = copy[8_820:38_220]
        # FFmpeg's Vorbis coder, which wrote one of them, is coarse.
        assert [loudest_hertz(middle[:, side]) for side in (0, 1)] == pytest.approx([440, 1_000], abs=12)
    # As it was coded, under a name that nobody can tell from the others.
    np.testing.assert_array_equal(heard(into / made.original), heard(source))
    assert made.original[:32] != stem
    assert made.mime_type == "audio/wav"
    assert made.files == (f"{stem}.wav", f"{stem}.mp3", f"{stem}.m4a", made.original)
    assert {path.name for path in into.iterdir()} == set(made.files)
    assert all(NAME.fullmatch(name) for name in made.files)


def test_mono_stays_mono_and_its_gain_is_the_one_that_is_stored(tmp_path):
    source = tone(440) // 8
    made = ingested(write_wav(tmp_path / "a.wav", source), tmp_path / "into")
    sound = stored(tmp_path / "into" / made.playable)
    assert sound.shape == (44_100, 1)
    assert 20 * np.log10(np.ptp(sound) / np.ptp(source)) == pytest.approx(made.loudness_gain_db, abs=0.02)
    assert {heard(tmp_path / "into" / name).shape[1] for name in made.files} == {1}


def test_what_was_recorded_too_loud_becomes_quieter(tmp_path):
    clipped = np.clip(tone(440, seconds=1).astype(np.int32) * 10, -32_768, 32_767).astype(np.int16)
    made = ingested(write_wav(tmp_path / "a.wav", clipped), tmp_path / "into")
    assert made.loudness_gain_db < -10
    assert lufs(stored(tmp_path / "into" / made.playable)) == pytest.approx(-18, abs=0.1)


def test_the_peaks_of_a_quiet_recording_bound_how_loud_it_becomes(tmp_path):
    steps = tone(440, seconds=2) // 40
    steps[::11_025] = 20_000
    made = ingested(write_wav(tmp_path / "a.wav", steps), tmp_path / "into")
    sound = stored(tmp_path / "into" / made.playable)
    assert true_peak_db(sound) == pytest.approx(-1, abs=0.3)
    assert true_peak_db(sound) <= -1
    assert lufs(sound) < -20


def test_an_empty_room_does_not_roar(tmp_path):
    made = ingested(write_wav(tmp_path / "a.wav", tone(440) // 200), tmp_path / "into")
    assert made.loudness_gain_db == 30


def test_a_sound_shorter_than_loudness_is_defined_for_is_levelled_too(tmp_path):
    click = tone(1_000, seconds=0.05) // 4
    made = ingested(write_wav(tmp_path / "a.wav", click), tmp_path / "into")
    sound = stored(tmp_path / "into" / made.playable)
    assert made.duration_seconds == 0.05
    assert lufs(np.tile(sound, (20, 1))) == pytest.approx(-18, abs=0.1)


@pytest.mark.parametrize("level", [0, 1])
def test_a_silent_recording_is_refused_and_leaves_nothing(tmp_path, level):
    path = write_wav(tmp_path / "a.wav", np.full(44_100, level, np.int16))
    with pytest.raises(SilentRecording) as refusal:
        ingested(path, tmp_path / "into")
    assert (refusal.value.code, refusal.value.field) == ("SILENT_RECORDING", "file")
    assert list((tmp_path / "into").iterdir()) == []


@pytest.mark.parametrize(
    "name", ["x.php.mp3", ".htaccess", "-i", "concat:a|b.wav", "%d.wav", "\u202e3pm.exe", " ", "a\nb"]
)
def test_the_name_of_a_file_is_neither_believed_nor_kept(tmp_path, name):
    made = ingested(write_wav(tmp_path / name, tone(440)), tmp_path / "into")
    assert all(NAME.fullmatch(each) for each in made.files)
    assert made.original.endswith(".wav")


def test_no_two_uploads_share_a_name(tmp_path):
    path = write_wav(tmp_path / "a.wav", tone(440, seconds=0.2))
    names = [name for _ in range(3) for name in ingested(path, tmp_path / "into").files]
    assert len(set(names)) == 12


@pytest.mark.parametrize("container", ["ipod", "mp3", "flac", "ogg", "webm"])
def test_what_a_recorder_wrote_beside_the_sound_is_not_kept(tmp_path, container):
    codecs = {"ipod": "aac", "mp3": "libmp3lame", "flac": "flac", "ogg": "libopus", "webm": "libopus"}
    path = tmp_path / "a"
    with av.open(str(path), "w", format=container) as file:
        file.metadata.update(title="secret title", location="+60.1699+024.9384/", artist="secret <script>")
        stream = file.add_stream(codecs[container], rate=48_000)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(tone(440, rate=48_000).reshape(1, -1), "s16", "mono")
        frame.rate, frame.pts = 48_000, 0
        file.mux([*stream.encode(frame), *stream.encode(None)])
    assert b"secret" in path.read_bytes()
    made = ingested(path, tmp_path / "into")
    assert len(made.files) == 4
    for name in made.files:
        content = (tmp_path / "into" / name).read_bytes()
        assert b"secret" not in content
        assert b"60.1699" not in content


def test_an_original_that_no_container_takes_again_is_left_out(tmp_path):
    odd = Recipe("pcm.mka", "matroska", "pcm_s16le")
    made = ingested(write_recording(tmp_path, odd, tone(440)), tmp_path / "into")
    assert made.original == made.playable
    assert {path.name for path in (tmp_path / "into").iterdir()} == set(made.files)
    assert len(made.files) == 3


@pytest.mark.parametrize("name", ["sound.mp3", "opus.ogg", "wav16.wav"])
def test_a_recording_cut_in_the_middle_gives_what_it_holds(tmp_path, name):
    recipe = next(recipe for recipe in RECIPES if recipe.name == name)
    path = write_recording(tmp_path, recipe, tone(440, seconds=4, rate=recipe.rate))
    os.truncate(path, path.stat().st_size // 2)
    made = ingested(path, tmp_path / "into")
    assert 1.5 < made.duration_seconds < 2.5
    assert len(made.files) == 4


def test_a_recording_may_be_as_long_as_allowed_and_not_longer(tmp_path):
    path = write_recording(tmp_path, FLAC, tone(440, seconds=3))
    assert ingested(path, tmp_path / "into", seconds=3).duration_seconds == 3
    for seconds in (2.9, 1):
        with pytest.raises(AudioTooLong):
            ingested(path, tmp_path / "refused", seconds=seconds)
    assert list((tmp_path / "refused").iterdir()) == []


def test_progress_is_told_before_each_step(tmp_path):
    into, steps = tmp_path, []
    path = write_wav(tmp_path / "a.wav", tone(440))

    def progress(stage):
        steps.append((stage, len(list(into.glob("*.mp3")))))

    made = ingest_here(path, kind="audio", into=into, limits=IngestLimits(), progress=progress)
    assert steps == [("decoding", 0), ("encoding", 0)]
    assert isinstance(made, Ingested)


def test_what_fails_on_the_way_leaves_nothing(tmp_path):
    path = write_wav(tmp_path / "a.wav", tone(440))
    (tmp_path / "into").mkdir()

    def progress(stage):
        if stage == "encoding":
            raise RuntimeError

    with pytest.raises(RuntimeError):
        ingest_here(path, kind="audio", into=tmp_path / "into", limits=IngestLimits(), progress=progress)
    assert list((tmp_path / "into").iterdir()) == []
