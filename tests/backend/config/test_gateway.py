"""The gateway takes bodies up to its cap and no further, whether their length is announced or not."""

import http.client
import socket
import subprocess
import sys
import time

import pytest

PATIENCE_SECONDS = 30
MAX_BODY_BYTES = 100_000
SERVER = """
import sys
from backend.config.gateway import GatewayServer

async def count(scope, receive, send):
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})

GatewayServer(count, host="127.0.0.1", port=int(sys.argv[1]), max_body_bytes=100_000).run()
"""


@pytest.fixture(scope="module")
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(number)])
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", number), 1).close()
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield number
    process.terminate()
    process.wait(PATIENCE_SECONDS)


def post(port, body, *, chunked=False):
    """Status and body of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("POST", "/", body=iter(body) if chunked else body, encode_chunked=chunked)
    response = connection.getresponse()
    return response.status, response.read()


def pieces(size):
    return [b"x" * 10_000] * (size // 10_000)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_within_the_cap_arrives_whole(port, chunked):
    body = pieces(MAX_BODY_BYTES) if chunked else b"x" * MAX_BODY_BYTES
    assert post(port, body, chunked=chunked) == (200, str(MAX_BODY_BYTES).encode())


def test_an_announced_length_beyond_the_cap_is_refused_before_the_body(port):
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 413")


def test_a_body_that_grows_beyond_the_cap_is_refused_with_a_sentence(port):
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(11):
            connection.sendall(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"larger than this server takes" in answer
