"""Titles inside the stream, for players that ask with `Icy-MetaData: 1` (SHOUTcast's protocol, as players read it)."""

from collections import deque

METAINT_BYTES = 16_000
# At 128 kbit/s a block comes each second; what is older than these is past.
MOST_UNTOLD = 8
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
    """Puts a block after every METAINT_BYTES of one listener's sound: the next title that was not told, else nothing.

    Several tracks may start within one stretch: each is told, in turn.
    """

    def __init__(self, title: str) -> None:
        self._untold = deque([title], maxlen=MOST_UNTOLD)
        self._until_block = METAINT_BYTES

    def tell(self, title: str) -> None:
        """To be woven in as soon as its turn comes; of too many the oldest is lost."""
        self._untold.append(title)

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
        return title_block(self._untold.popleft()) if self._untold else _EMPTY_BLOCK
