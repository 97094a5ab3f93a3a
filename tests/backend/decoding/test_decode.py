import io
import os

import numpy as np
import pytest

from backend.decoding.containers import Container
from backend.decoding.decode import AudioFacts, Decoded, Limits, decode, lasts_longer, probe
from backend.decoding.errors import AudioTooLong, UnreadableAudio
from backend.errors import DomainError
from tests.backend.decoding.recordings import (
    AMPLITUDE,
    RECIPES,
    Recipe,
    loudest_hertz,
    tone,
    write_recording,
    write_wav,
)

FLAC = Recipe("sound.flac", "flac", "flac")


def sound_of(path, **limits):
    """int16, shape (frames, channels)."""
    into = io.BytesIO()
    decoded = decode(path, into, limits=Limits(**limits))
    sound = np.frombuffer(into.getvalue(), np.int16).reshape(-1, decoded.channels)
    assert len(sound) == decoded.frames
    return sound


def loudness(sound):
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_kind_of_file_sounds_as_it_was_recorded(tmp_path, recipe):
    left, right = tone(440, rate=recipe.rate), tone(1_000, rate=recipe.rate)
    sound = sound_of(write_recording(tmp_path, recipe, left, right))
    middle = sound[8_820:-8_820]
    assert abs(len(sound) - 44_100) < 0.06 * 44_100
    # FFmpeg's Vorbis coder is coarse, and LAME takes 5 % off the level: both lie in the writing, not in the reading.
    assert [loudest_hertz(middle[:, side]) for side in (0, 1)] == pytest.approx([440, 1_000], abs=10)
    for side in (0, 1):
        assert loudness(middle[:, side]) == pytest.approx(AMPLITUDE / np.sqrt(2), rel=0.06)


def test_sixteen_bits_at_our_own_rate_pass_unchanged(tmp_path):
    left, right = tone(440), tone(1_000)
    assert np.array_equal(sound_of(write_wav(tmp_path / "a.wav", left, right)), np.stack([left, right], axis=1))


def test_mono_stays_mono(tmp_path):
    recorded = tone(440)
    sound = sound_of(write_wav(tmp_path / "a.wav", recorded))
    assert np.array_equal(sound, recorded[:, np.newaxis])


@pytest.mark.parametrize("channels", [3, 4, 6, 8])
def test_many_channels_become_two(tmp_path, channels):
    path = write_wav(tmp_path / "a.wav", *[tone(440)] * channels)
    assert sound_of(path).shape == (44_100, 2)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_how_long_a_sound_claims_to_be_is_known_without_decoding_it(tmp_path, recipe):
    path = write_recording(tmp_path, recipe, *[tone(440, seconds=2, rate=recipe.rate)] * 2)
    assert lasts_longer(path, 1.95)
    assert not lasts_longer(path, 2.1)


def test_what_was_cut_claims_no_more_than_is_left(tmp_path):
    path = write_recording(tmp_path, FLAC, tone(440, seconds=4))
    os.truncate(path, path.stat().st_size // 2)
    assert not lasts_longer(path, 2.5)


def test_a_probe_tells_what_a_file_claims(tmp_path):
    path = write_wav(tmp_path / "a.wav", tone(440, rate=8_000), rate=8_000)
    assert probe(path) == AudioFacts(Container.WAV, "pcm_s16le", 1, 8_000, 1.0)


def test_the_name_of_a_file_is_not_believed(tmp_path):
    path = write_recording(tmp_path, FLAC, tone(440))
    assert probe(path.rename(tmp_path / "sound.mp3")).container is Container.FLAC


def test_a_sound_longer_than_allowed_is_refused_before_it_is_all_decoded(tmp_path):
    into = io.BytesIO()
    path = write_recording(tmp_path, FLAC, tone(440, seconds=20))
    with pytest.raises(AudioTooLong) as refusal:
        decode(path, into, limits=Limits(seconds=2.0))
    assert refusal.value.code == "AUDIO_TOO_LONG"
    assert len(into.getvalue()) <= 2 * 44_100 * 2


def test_a_sound_exactly_as_long_as_allowed_passes(tmp_path):
    assert len(sound_of(write_wav(tmp_path / "a.wav", tone(440)), seconds=1.0)) == 44_100


@pytest.mark.parametrize(("channels", "rate"), [(9, 44_100), (48, 44_100), (1, 384_000), (1, 1), (1, 3_999)], ids=str)
def test_a_sound_that_asks_too_much_of_the_machine_is_refused(tmp_path, channels, rate):
    into = io.BytesIO()
    path = write_wav(tmp_path / "a.wav", *[tone(440, seconds=0.1)] * channels, rate=rate)
    for call in (lambda: probe(path), lambda: decode(path, into)):
        with pytest.raises(UnreadableAudio):
            call()
    assert into.getvalue() == b""


def test_a_long_sound_is_written_in_small_pieces(tmp_path):
    pieces = []

    class Sink(io.BytesIO):
        def write(self, piece):
            pieces.append(len(piece))
            return len(piece)

    path = write_recording(tmp_path, FLAC, np.zeros(60 * 44_100, np.int16))
    assert decode(path, Sink()) == Decoded(60 * 44_100, 1)
    assert max(pieces) <= 64 * 1024


def canary(tmp_path):
    return write_wav(tmp_path / "canary.wav", tone(997))


TEXTS = {
    "text": "This is not a song.\n" * 50,
    "ffconcat": "ffconcat version 1.0\nfile canary.wav\n",
    "ffconcat_absolute": "ffconcat version 1.0\nfile '{canary}'\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{canary}\n#EXT-X-ENDLIST\n",
    "hls_concat": "#EXTM3U\n#EXTINF:1,\nconcat:{canary}\n",
    "subfile": "#EXTM3U\n#EXTINF:1,\nsubfile,,start,0,end,9999,,:{canary}\n",
    "sdp": "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=audio 5004 RTP/AVP 0\r\n",
    "dash": "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>{canary}</BaseURL></MPD>",
    "html": "<html><script>alert(1)</script></html>",
    "empty": "",
}


@pytest.mark.parametrize("name", ["x.mp3", "x.wav", "x.ogg", "x.m4a"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_refused_whatever_its_name(tmp_path, text, name):
    path = tmp_path / name
    path.write_text(TEXTS[text].format(canary=canary(tmp_path)))
    into = io.BytesIO()
    with pytest.raises(UnreadableAudio) as refusal:
        decode(path, into)
    assert refusal.value.code == "UNREADABLE_AUDIO"
    assert into.getvalue() == b""


@pytest.mark.parametrize("mark", [b"ID3\x04\0\0\0\0\0\0", b"RIFF\0\0\0\0WAVE", b"OggS", b"fLaC", b"\0\0\0\x20ftypM4A "])
@pytest.mark.parametrize("text", ["ffconcat_absolute", "hls", "sdp"])
def test_a_playlist_behind_the_mark_of_a_sound_is_refused(tmp_path, text, mark):
    path = tmp_path / "x.mp3"
    path.write_bytes(mark + TEXTS[text].format(canary=canary(tmp_path)).encode())
    with pytest.raises(UnreadableAudio):
        decode(path, io.BytesIO())


def test_what_is_not_a_file_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp3")
    for path in (tmp_path, tmp_path / "absent.mp3", tmp_path / "pipe.mp3"):
        with pytest.raises(UnreadableAudio):
            decode(path, io.BytesIO())


def test_a_film_without_sound_is_refused(tmp_path):
    import av

    path = tmp_path / "film.webm"
    with av.open(str(path), "w", format="webm") as file:
        stream = file.add_stream("libvpx", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
        for packet in [*stream.encode(picture), *stream.encode(None)]:
            file.mux(packet)
    with pytest.raises(UnreadableAudio, match="holds no sound"):
        decode(path, io.BytesIO())


@pytest.mark.parametrize("name", ["wav16.wav", "sound.mp3", "opus.ogg", "sound.flac", "opus.webm"])
def test_a_file_cut_in_the_middle_gives_what_it_holds(tmp_path, name):
    recipe = next(recipe for recipe in RECIPES if recipe.name == name)
    path = write_recording(tmp_path, recipe, tone(440, seconds=4, rate=recipe.rate))
    os.truncate(path, path.stat().st_size // 2)
    sound = sound_of(path)
    assert 1.5 * 44_100 < len(sound) < 2.5 * 44_100
    assert loudest_hertz(sound[:44_100, 0]) == pytest.approx(440, abs=2)


def test_an_m4a_whose_index_is_cut_off_is_refused(tmp_path):
    recipe = next(recipe for recipe in RECIPES if recipe.name == "aac.m4a")
    path = write_recording(tmp_path, recipe, tone(440, rate=recipe.rate))
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(UnreadableAudio):
        decode(path, io.BytesIO())


def test_a_wav_that_claims_four_gigabytes_gives_what_it_holds(tmp_path):
    path = write_wav(tmp_path / "a.wav", tone(440))
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    assert sound_of(path).shape == (44_100, 1)


def test_a_full_disk_is_not_the_fault_of_the_file(tmp_path):
    class FullDisk(io.BytesIO):
        def write(self, _piece):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space") as failure:
        decode(write_wav(tmp_path / "a.wav", tone(440)), FullDisk())
    assert not isinstance(failure.value, DomainError)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_damaged_file_is_decoded_or_refused_and_nothing_else(tmp_path, recipe):
    sides = [tone(440, seconds=0.3, rate=recipe.rate)] * 2
    path = write_recording(tmp_path, recipe, *sides)
    whole = np.frombuffer(path.read_bytes(), np.uint8)
    rng = np.random.default_rng(7)
    for _ in range(25):
        damaged = whole.copy()
        # More damage near the start, where the headers are.
        places = (len(damaged) * rng.random(20) ** 3).astype(int)
        damaged[places] = rng.integers(0, 256, 20)
        path.write_bytes(damaged.tobytes())
        try:
            assert decode(path, io.BytesIO(), limits=Limits(seconds=30)).frames > 0
        except DomainError as refusal:
            assert refusal.code in {"UNREADABLE_AUDIO", "AUDIO_TOO_LONG"}
