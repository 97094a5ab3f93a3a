import io
import socket
import time
from ipaddress import ip_address

import pytest

from audio_engine.bank.addresses import resolve
from audio_engine.bank.errors import EndlessStream, SourceRefused, SourceTooLarge, SourceUnreachable
from audio_engine.bank.fetch import Fetcher, FetchLimits
from backend.errors import DomainError
from tests.audio_engine.bank.servers import body, raw, redirect, serving

PUBLIC = ip_address("93.184.216.34")


@pytest.fixture
def canary():
    """A server on the loopback that nobody may reach."""
    with serving(body(b"secret")) as server:
        yield server


def fetched(url, **options):
    into = io.BytesIO()
    limits = options.pop("limits", FetchLimits(seconds=5.0))
    Fetcher(allows_private=options.pop("allows_private", True), limits=limits, **options).fetch(url, into)
    return into.getvalue()


class Net:
    """A net in which every name has the addresses given, and every connection arrives at the loopback."""

    def __init__(self, **names):
        self.names = {name.replace("_", "."): addresses for name, addresses in names.items()}
        self.resolved = []
        self.connected = []

    def resolve(self, host, port):
        self.resolved.append(host)
        return self.names[host] if host in self.names else resolve(host, port)

    def connect(self, address, timeout):
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", address[1]), timeout)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://127.1:{port}/",
        "http://127.0.1:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://0x7f.1:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://017700000001:{port}/",
        "http://127.0.0.1.:{port}/",
        "http://localhost:{port}/",
        "http://LOCALHOST:{port}/",
        "http://localhost.:{port}/",
        "http://0:{port}/",
        "http://0.0.0.0:{port}/",
        "http://[::]:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://[::127.0.0.1]:{port}/",
        "http://[64:ff9b::127.0.0.1]:{port}/",
        "http://[fe80::1%25lo]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://192.168.0.1/",
        "http://user@127.0.0.1:{port}/",
        "http://example.com@127.0.0.1:{port}/",
        "http://①②⑦.⓪.⓪.①:{port}/",
        "https://127.0.0.1:{port}/",
        "gopher://127.0.0.1:{port}/",
        "ftp://127.0.0.1:{port}/",
        "file:///etc/passwd",
        "file://127.0.0.1:{port}/etc/passwd",
        "//127.0.0.1:{port}/",
        "127.0.0.1:{port}",
        "http://",
        "http://127.0.0.1:99999/",
        "",
    ],
)
def test_no_spelling_of_a_private_address_is_connected_to(canary, url):
    with pytest.raises(DomainError) as refusal:
        fetched(url.format(port=canary.port), allows_private=False)
    assert refusal.value.code in {"SOURCE_REFUSED", "SOURCE_UNREACHABLE"}
    assert canary.connections == 0


def test_a_name_is_resolved_once_and_the_address_checked_is_the_one_connected_to():
    with serving(body(b"sound")) as server:
        net = Net(walks_example=[PUBLIC])
        url = f"http://walks.example:{server.port}/a%20b?c=d"
        assert fetched(url, allows_private=False, resolve=net.resolve, connect=net.connect) == b"sound"
        assert net.resolved == ["walks.example"]
        assert net.connected == [(str(PUBLIC), server.port)]
        assert server.requests[0].startswith("GET /a%20b?c=d HTTP/1.1\r\n")
        assert f"Host: walks.example:{server.port}\r\n" in server.requests[0]


def test_a_name_with_one_private_address_among_others_is_refused():
    net = Net(walks_example=[PUBLIC, ip_address("127.0.0.1")])
    with pytest.raises(SourceRefused):
        fetched("http://walks.example/", allows_private=False, resolve=net.resolve, connect=net.connect)
    assert net.connected == []


@pytest.mark.parametrize("target", ["http://127.0.0.1:{port}/", "//127.1:{port}/x", "http://inner.example:{port}/"])
def test_a_redirect_to_a_private_address_is_refused(canary, target):
    with serving(redirect(target.format(port=canary.port))) as server:
        net = Net(walks_example=[PUBLIC], inner_example=[ip_address("10.0.0.7")])
        url = f"http://walks.example:{server.port}/"
        with pytest.raises(SourceRefused):
            fetched(url, allows_private=False, resolve=net.resolve, connect=net.connect)
        assert len(net.connected) == 1
    assert canary.connections == 0


def test_a_redirect_to_a_file_is_refused():
    with serving(redirect("file:///etc/passwd")) as server, pytest.raises(SourceRefused):
        fetched(server.url)


def test_three_redirects_are_followed_and_a_fourth_is_refused():
    def step(request, connection):
        number = int(request.split()[1].rpartition("/")[2])
        answer = redirect(f"/{number - 1}") if number else body(b"sound")
        answer(request, connection)

    with serving(step) as server:
        assert fetched(f"http://127.0.0.1:{server.port}/3") == b"sound"
        assert server.connections == 4
        with pytest.raises(SourceRefused):
            fetched(f"http://127.0.0.1:{server.port}/4")
        assert server.connections == 8


def test_a_private_address_is_fetched_where_the_setting_allows_it():
    with serving(body(b"sound" * 100_000)) as server:
        assert fetched(server.url) == b"sound" * 100_000


def test_a_body_in_chunks_is_put_together():
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsou\r\n2\r\nnd\r\n0\r\n\r\n"
    with serving(raw(chunks)) as server:
        assert fetched(server.url) == b"sound"


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error", "204 No Content", "206 Partial"])
def test_any_status_but_200_is_unreachable(status):
    with serving(body(b"", status=status)) as server, pytest.raises(SourceUnreachable):
        fetched(server.url)


def test_a_body_that_breaks_off_is_unreachable():
    with serving(body(b"half", announced=8)) as server, pytest.raises(SourceUnreachable):
        fetched(server.url)


def test_what_does_not_speak_http_is_unreachable():
    with serving(raw(b"220 smtp ready\r\n")) as server:
        with pytest.raises(SourceUnreachable):
            fetched(server.url)
        with pytest.raises(SourceUnreachable):
            fetched(server.url.replace("http:", "https:"), limits=FetchLimits(seconds=0.3))


def test_a_closed_port_is_unreachable(canary):
    canary.close()
    with pytest.raises(SourceUnreachable):
        fetched(canary.url)


def test_a_body_announced_as_too_large_is_refused_unread():
    into = io.BytesIO()
    with serving(body(b"", announced=1_001)) as server, pytest.raises(SourceTooLarge):
        Fetcher(allows_private=True, limits=FetchLimits(size_bytes=1_000)).fetch(server.url, into)
    assert into.getvalue() == b""


@pytest.mark.parametrize("head", ["HTTP/1.0 200 OK\r\nicy-name: Radio\r\n\r\n", "ICY 200 OK\r\nicy-br:128\r\n\r\n"])
def test_a_radio_stream_is_endless(head):
    with serving(raw(head.encode())) as server, pytest.raises(EndlessStream) as refusal:
        fetched(server.url)
    assert refusal.value.code == "ENDLESS_STREAM"


def flood(_request, connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(bytes(100_000))


def test_a_body_without_an_end_is_endless_at_the_size_cap():
    into = io.BytesIO()
    with serving(flood) as server, pytest.raises(EndlessStream):
        Fetcher(allows_private=True, limits=FetchLimits(size_bytes=1_000_000)).fetch(server.url, into)
    assert len(into.getvalue()) <= 1_000_000 + 65_536


def trickle(head):
    def answer(_request, connection):
        connection.sendall(head)
        while True:
            connection.sendall(b"x")
            time.sleep(0.02)

    return answer


@pytest.mark.parametrize(
    ("head", "refusal"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", EndlessStream),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", SourceUnreachable),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", SourceUnreachable),
        (b"", SourceUnreachable),
    ],
    ids=["body", "announced_body", "header", "status"],
)
def test_one_byte_at_a_time_ends_at_the_time_cap(head, refusal):
    begun = time.monotonic()
    with serving(trickle(head)) as server, pytest.raises(refusal):
        fetched(server.url, limits=FetchLimits(seconds=0.3))
    assert time.monotonic() - begun < 5.0


def test_a_full_disk_is_not_the_fault_of_the_source():
    class FullDisk(io.BytesIO):
        def write(self, _piece):
            raise OSError(28, "No space left on device")

    with serving(body(b"sound")) as server, pytest.raises(OSError, match="No space"):
        Fetcher(allows_private=True).fetch(server.url, FullDisk())
