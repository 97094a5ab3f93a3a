"""What a file is, from its first bytes, in words for a person."""

from pathlib import Path

from backend.decoding.containers import SNIFFED_BYTES, sniff

# Pillow's names of the formats that it may try.
_PICTURES: tuple[tuple[str, int, bytes], ...] = (
    ("JPEG", 0, b"\xff\xd8\xff"),
    ("PNG", 0, b"\x89PNG\r\n\x1a\n"),
    ("GIF", 0, b"GIF87a"),
    ("GIF", 0, b"GIF89a"),
    ("WEBP", 8, b"WEBP"),
)
# ISO 23008-12: a still picture in the container of films.
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif")


def head_of(path: Path) -> bytes:
    """As much of a file as is needed to know it."""
    with path.open("rb") as file:
        return file.read(SNIFFED_BYTES)


def picture_format(head: bytes) -> str | None:
    """Pillow's name of the format; None for what is no picture that is taken here."""
    return next((name for name, offset, mark in _PICTURES if head.startswith(mark, offset)), None)


def is_heif(head: bytes) -> bool:
    """Whether it is a picture as telephones keep them for themselves."""
    return head.startswith(b"ftyp", 4) and head[8:12] in _HEIF_BRANDS


def described(head: bytes) -> str:
    """What it is, to say that it is not what was asked for."""
    if is_heif(head):
        return "a HEIF picture"
    if picture := picture_format(head):
        return f"a picture ({picture})"
    if container := sniff(head):
        return f"a recording ({container.name})"
    return "of no kind that is known here"
