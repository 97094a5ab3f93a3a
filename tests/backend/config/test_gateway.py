"""The gateway takes bodies up to their cap and no further, whether their length is announced or not."""

import http.client
import socket
import subprocess
import sys
import time

import pytest

PATIENCE_SECONDS = 30
MAX_BODY_BYTES, MAX_ANONYMOUS_BODY_BYTES = 200_000, 100_000
SERVER = """
import sys
from backend.config.gateway import GatewayServer

async def count(scope, receive, send):
    size, longest, more = 0, 0, True
    while more:
        message = await receive()
        piece, more = message.get("body", b""), message.get("more_body", False)
        size, longest = size + len(piece), max(longest, len(piece))
    body = f"{size} in pieces of {longest}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body, "more_body": scope["path"] == "/waits"})
    if scope["path"] == "/waits":
        print((await receive())["type"], flush=True)

GatewayServer(
    count, host="127.0.0.1", port=int(sys.argv[1]), max_body_bytes=200_000, max_anonymous_body_bytes=100_000
).run()
"""


@pytest.fixture(scope="module")
def server():
    """The port, and what the application prints."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(number)], stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", number), 1).close()
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield number, process.stdout
    process.terminate()
    process.wait(PATIENCE_SECONDS)


@pytest.fixture
def port(server):
    return server[0]


def post(port, body, *, chunked=False, **headers):
    """Status and body of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("POST", "/", body=iter(body) if chunked else body, headers=headers, encode_chunked=chunked)
    response = connection.getresponse()
    return response.status, response.read().decode()


def pieces(size):
    return [b"x" * 10_000] * (size // 10_000)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_within_the_cap_arrives_whole_in_pieces(port, chunked):
    body = pieces(MAX_ANONYMOUS_BODY_BYTES) if chunked else b"x" * MAX_ANONYMOUS_BODY_BYTES
    assert post(port, body, chunked=chunked) == (200, "100000 in pieces of 65536")
    assert post(port, b"", chunked=False) == (200, "0 in pieces of 0")
    assert post(port, b"x" * 65_536) == (200, "65536 in pieces of 65536")


@pytest.mark.parametrize("header", ["Authorization", "Cookie"])
def test_who_names_credentials_may_send_more(port, header):
    assert post(port, b"x" * MAX_BODY_BYTES, **{header: "x"}) == (200, "200000 in pieces of 65536")


@pytest.mark.parametrize(("header", "length"), [(b"", 100_001), (b"Authorization: x\r\n", 200_001)])
def test_an_announced_length_beyond_the_cap_is_refused_before_the_body(port, header, length):
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n" % (header, length))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 413")


def test_a_body_that_grows_beyond_the_cap_is_refused_with_a_sentence(port):
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(11):
            connection.sendall(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"larger than this server takes" in answer


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_form_is_left_to_the_application(port, kind):
    assert post(port, b"no form at all", **{"Content-Type": kind}) == (200, "14 in pieces of 14")


def test_the_application_hears_of_a_client_who_goes(server):
    port, printed = server
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
        connection.sendall(b"POST /waits HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
        assert b"200 OK" in connection.recv(65_536)
    assert printed.readline() == "http.disconnect\n"
