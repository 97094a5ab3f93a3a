import codecs

import pytest

from backend.assets.ingest.errors import TextTooLong, UnreadableText
from tests.backend.assets.ingest.listening import ingested

STORY = "Kauan sitten täällä oli ranta.\n🌊 שלום\n"


@pytest.mark.parametrize(
    "content",
    [
        STORY.encode(),
        codecs.BOM_UTF8 + STORY.encode(),
        codecs.BOM_UTF16_LE + STORY.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + STORY.encode("utf-16-be"),
        STORY.replace("\n", "\r\n").encode(),
        STORY.replace("\n", "\r").encode(),
        b" \n" + STORY.encode() + b"\x1b\x07\x7f",
    ],
    ids=["utf-8", "utf-8 marked", "utf-16-le", "utf-16-be", "crlf", "cr", "controls"],
)
def test_a_text_is_stored_as_utf8_and_told(tmp_path, content):
    (tmp_path / "x.html").write_bytes(content)
    made = ingested(tmp_path / "x.html", tmp_path / "into", kind="text")
    assert made.text == STORY.strip()
    assert (tmp_path / "into" / made.playable).read_bytes() == STORY.strip().encode()
    assert made.files == (made.playable,) == (made.original,)
    assert made.playable.endswith(".txt")
    assert made.mime_type == "text/plain; charset=utf-8"


@pytest.mark.parametrize("content", [b"\xff\xfea", b"a\0b", "ä".encode("latin-1"), b"\n \x1b"])
def test_what_is_no_text_is_refused(tmp_path, content):
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(UnreadableText):
        ingested(tmp_path / "a.txt", tmp_path / "into", kind="text")
    assert list((tmp_path / "into").iterdir()) == []


def test_a_text_may_be_as_long_as_allowed_and_not_longer(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a" * 10)
    assert ingested(tmp_path / "a.txt", tmp_path / "into", kind="text", text_bytes=10).text == "a" * 10
    with pytest.raises(TextTooLong):
        ingested(tmp_path / "a.txt", tmp_path / "into", kind="text", text_bytes=9)
