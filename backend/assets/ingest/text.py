"""A text: checked, cleaned, and stored as UTF-8."""

import codecs
import unicodedata
from collections.abc import Callable
from pathlib import Path

from backend.assets.ingest.errors import TextTooLong, UnreadableText
from backend.assets.ingest.limits import IngestLimits
from backend.assets.ingest.result import Ingested
from backend.assets.ingest.shelf import Shelf

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_KEPT_CONTROLS = "\n\t"


def ingest_text(source: Path, shelf: Shelf, limits: IngestLimits, progress: Callable[[str], None]) -> Ingested:
    """UTF-8, or UTF-16 that says so; as one .txt file and in `text`."""
    if source.stat().st_size > limits.text_bytes:
        raise TextTooLong(f"The text is longer than {limits.text_bytes:,} bytes.")
    progress("decoding")
    text = _cleaned(_decoded(source.read_bytes()))
    path = shelf.beside(".txt")
    path.write_text(text, encoding="utf-8", newline="\n")
    return Ingested(
        playable=path.name, original=path.name, files=shelf.names, mime_type="text/plain; charset=utf-8", text=text
    )


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableText("The file is not text in UTF-8.") from None
    # What is not text at all nearly always has one.
    if "\0" in text:
        raise UnreadableText("The file is not text.")
    return text


def _cleaned(text: str) -> str:
    """One kind of line end, and no terminal's control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(each for each in lines if each in _KEPT_CONTROLS or unicodedata.category(each) != "Cc").strip()
    if not kept:
        raise UnreadableText("The text is empty.")
    return kept
