import pytest

from backend.decoding.containers import SNIFFED_BYTES, Container, sniff
from tests.backend.decoding.recordings import RECIPES, tone, write_recording

EXPECTED = {
    "wav": Container.WAV,
    "mp3": Container.MP3,
    "ogg": Container.OGG,
    "webm": Container.MATROSKA,
    "ipod": Container.MP4,
    "flac": Container.FLAC,
    "caf": Container.CAF,
    "aiff": Container.AIFF,
}


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_container_is_known_by_its_first_bytes(tmp_path, recipe):
    path = write_recording(tmp_path, recipe, tone(440, rate=recipe.rate), tone(440, rate=recipe.rate))
    assert sniff(path.read_bytes()[:SNIFFED_BYTES]) is EXPECTED[recipe.container]


def test_an_mp3_without_tags_is_known_by_its_frame_header():
    assert sniff(bytes.fromhex("fffb9064") + bytes(12)) is Container.MP3
    assert sniff(bytes.fromhex("fff39064") + bytes(12)) is Container.MP3


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff\xfb",
        b"\xff\xfe#\x00E\x00X\x00T\x00",  # UTF-16 text
        b"\xff\xfb\xf0\x64",  # the forbidden bit rate
        b"\xff\xfb\x9c\x64",  # the reserved sample rate
        b"\xff\xf1\x50\x40\x1d\xbf\xfc\xde",  # ADTS
        b"#EXTM3U\n#EXT-X-V",
        b"ffconcat version",
        b"v=0\r\no=- 0 0 IN",
        b"RIFF\x00\x00\x00\x00AVI LIST",
        b"FORM\x00\x00\x00\x00ILBMBMHD",
        b"\x89PNG\r\n\x1a\n",
        b"<?xml version='1",
    ],
)
def test_anything_else_is_none(head):
    assert sniff(head) is None
