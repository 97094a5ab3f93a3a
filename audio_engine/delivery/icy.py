"""Titles inside the stream, for players that ask with `Icy-MetaData: 1` (SHOUTcast's protocol, as players read it)."""

from collections.abc import Callable

METAINT_BYTES = 16_000
# One length byte counts sixteens.
_MAX_BLOCK_BYTES = 255 * 16
_EMPTY_BLOCK = b"\0"


def title_block(title: str) -> bytes:
    """The length byte and the padded text. A title ends at the first quote and semicolon, so it may hold none."""
    room = _MAX_BLOCK_BYTES - len("StreamTitle='';")
    flat = " ".join(title.replace("';", "' ;").split())
    # A character cut in two is left out.
    fitting = flat.encode()[:room].decode(errors="ignore")
    text = f"StreamTitle='{fitting}';".encode()
    sixteens = -(-len(text) // 16)
    return bytes([sixteens]) + text.ljust(sixteens * 16, b"\0")


class TitleWeaver:
    """Puts a block after every METAINT_BYTES of one listener's sound: the title when it has changed, else nothing."""

    def __init__(self, title: Callable[[], str]) -> None:
        self._title = title
        self._told = ""
        self._until_block = METAINT_BYTES

    def weave(self, sound: bytes) -> bytes:
        """The same bytes, with the blocks that are due among them."""
        woven: list[bytes] = []
        at = 0
        while len(sound) - at >= self._until_block:
            woven += (sound[at : at + self._until_block], self._block())
            at += self._until_block
            self._until_block = METAINT_BYTES
        self._until_block -= len(sound) - at
        return b"".join((*woven, sound[at:]))

    def _block(self) -> bytes:
        title = self._title()
        if title == self._told:
            return _EMPTY_BLOCK
        self._told = title
        return title_block(title)
