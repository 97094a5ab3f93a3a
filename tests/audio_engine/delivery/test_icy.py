import pytest

from audio_engine.delivery.icy import METAINT_BYTES, TitleWeaver, title_block


def unwoven(stream):
    """The sound and the titles in it, as a player parts them."""
    sound, titles = b"", []
    while len(stream) > METAINT_BYTES:
        length = stream[METAINT_BYTES] * 16
        sound += stream[:METAINT_BYTES]
        titles.append(stream[METAINT_BYTES + 1 : METAINT_BYTES + 1 + length].rstrip(b"\0").decode())
        stream = stream[METAINT_BYTES + 1 + length :]
    return sound + stream, titles


def test_a_block_counts_sixteens_and_is_padded():
    assert title_block("Sea") == b"\x02" + b"StreamTitle='Sea';".ljust(32, b"\0")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", "StreamTitle='';"),
        ("it's here", "StreamTitle='it's here';"),
        ("a';StreamUrl='http://evil/", "StreamTitle='a' ;StreamUrl='http://evil/';"),
        ("two\r\nlines", "StreamTitle='two lines';"),
        ("merivä", "StreamTitle='merivä';"),
    ],
)
def test_a_title_stays_within_its_quotes(title, text):
    assert title_block(title)[1:].rstrip(b"\0").decode() == text


def test_a_long_title_is_cut_at_a_character():
    block = title_block("ä" * 5_000)
    assert len(block) == 1 + 255 * 16
    assert block[0] == 255
    assert block[1:].rstrip(b"\0").decode().startswith("StreamTitle='ää")


@pytest.mark.parametrize("size", [1, 417, 15_999, 16_000, 16_001, 50_000])
def test_the_sound_is_the_same_whatever_the_size_of_its_pieces(size):
    sound = bytes(range(256)) * 200
    weaver = TitleWeaver("Sea")
    stream = b"".join(weaver.weave(sound[at : at + size]) for at in range(0, len(sound), size))
    assert unwoven(stream) == (sound, ["StreamTitle='Sea';", "", ""])


def test_a_title_is_told_once_and_those_that_come_together_one_after_the_other():
    weaver = TitleWeaver("Sea")
    weaver.tell("Rain")
    first = weaver.weave(bytes(METAINT_BYTES * 3))
    weaver.tell("Rain")
    _, told = unwoven(first + weaver.weave(bytes(METAINT_BYTES)) + b"x")
    assert told == ["StreamTitle='Sea';", "StreamTitle='Rain';", "", "StreamTitle='Rain';"]


def test_titles_that_nobody_takes_are_bounded_and_the_latest_are_kept():
    weaver = TitleWeaver("first")
    for number in range(100):
        weaver.tell(str(number))
    _, told = unwoven(weaver.weave(bytes(METAINT_BYTES * 9)) + b"x")
    assert told == [f"StreamTitle='{number}';" for number in range(92, 100)] + [""]
