"""Bodies are read up to their cap, and nothing of them stays."""

import gc

import pytest

from schema import http_bodies
from schema.http_bodies import ClientHasGone, in_a_file, in_memory
from schema.http_messages import BadRequest


def sent(*pieces, ends="more"):
    """An ASGI `receive` that has these pieces; then the client waits, or goes."""
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    if ends == "more":
        messages[-1]["more_body"] = False
    else:
        messages.append({"type": "http.disconnect"})

    async def receive():
        return messages.pop(0)

    return receive, messages


async def read(reader, *pieces, most_bytes=10, **options):
    receive, left = sent(*pieces, **options)
    return await reader(receive, most_bytes=most_bytes), left


async def test_short_ones_are_put_together():
    assert (await read(in_memory, b"ab", b"", b"cd"))[0] == b"abcd"
    assert (await read(in_memory, b""))[0] == b""
    assert (await read(in_memory, b"0123456789"))[0] == b"0123456789"


async def test_long_ones_lie_in_a_file_that_has_no_name(monkeypatch, tmp_path):
    monkeypatch.setattr(http_bodies, "PIECE_BYTES", 3)
    monkeypatch.setattr(http_bodies.settings, "FILE_UPLOAD_TEMP_DIR", str(tmp_path))
    file, _ = await read(in_a_file, b"ab", b"cd", b"efgh")
    with file:
        assert file.read() == b"abcdefgh"
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("reader", [in_memory, in_a_file])
async def test_one_byte_too_many_is_refused_before_the_rest_is_read(reader):
    receive, left = sent(b"012345", b"6789a", b"more", b"more")
    with pytest.raises(BadRequest) as refused:
        await reader(receive, most_bytes=10)
    assert refused.value.status == 413
    assert len(left) == 2


@pytest.mark.parametrize("reader", [in_memory, in_a_file])
@pytest.mark.filterwarnings("error")
async def test_a_client_who_goes_leaves_nothing(reader, monkeypatch):
    made, make = [], http_bodies.TemporaryFile

    def recording(**options):
        made.append(make(**options))
        return made[-1]

    monkeypatch.setattr(http_bodies, "TemporaryFile", recording)
    with pytest.raises(ClientHasGone):
        await read(reader, b"ab", b"cd", ends="gone")
    assert all(file.closed for file in made)
    gc.collect()
