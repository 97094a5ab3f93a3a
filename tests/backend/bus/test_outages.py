"""The other end goes and comes back: nobody who publishes waits, and whoever missed something is told once."""

import queue
import shutil
import subprocess
import sys
import time

import pytest

from backend.bus.codec import Topic
from backend.bus.commands import DescribeStream, KeepAlive
from backend.bus.network import LOST, Arrival, NetworkBus
from backend.bus.redis_bus import RedisBus
from backend.bus.transport import LocalBus
from backend.bus.unix_socket import UnixSocketBus
from backend.errors import EngineUnavailable
from backend.ids import StreamId
from tests.backend.bus.running import PATIENCE_SECONDS, RunningHub, RunningRedis

STREAM = StreamId("s1")
# Much more than it takes, and much less than one timeout for each of so many messages.
MANY, AT_ONCE_SECONDS = 100, 0.9
# From the return of the other end until it is noticed.
BACK_WITHIN_SECONDS = 2.5


class Listener:
    """A process that hears commands, and is told of gaps."""

    def __init__(self, bus):
        self.bus = bus
        self.heard, self.gaps = queue.Queue(), queue.Queue()
        bus.on_gap(lambda: self.gaps.put(time.monotonic()))
        bus.listen([Topic.COMMANDS], lambda envelope: self.heard.put(envelope.message))

    def hears(self, message):
        """All until this message."""
        arrived = []
        while not arrived or arrived[-1] != message:
            arrived.append(self.heard.get(timeout=PATIENCE_SECONDS))
        return arrived


class Outage:
    """Two processes, and what lies between them."""

    def __init__(self, between, kind):
        self.between = between
        self.gateway, self.engine = kind(between.url), Listener(kind(between.url))
        self.say("before")
        self.engine.hears(KeepAlive("before"))

    def say(self, *words):
        for word in words:
            self.gateway.publish(KeepAlive(StreamId(word)))

    def close(self):
        self.gateway.close()
        self.engine.bus.close()
        self.between.stop()


@pytest.fixture
def over_the_hub(tmp_path):
    outage = Outage(RunningHub(tmp_path / "bus.sock"), UnixSocketBus)
    yield outage
    outage.close()


@pytest.fixture
def over_redis(tmp_path):
    if shutil.which("redis-server") is None:
        pytest.fail("the marker `services` needs redis-server")
    outage = Outage(RunningRedis(tmp_path), RedisBus)
    yield outage
    outage.close()


@pytest.fixture(params=["over_the_hub", pytest.param("over_redis", marks=pytest.mark.services)])
def outage(request):
    return request.getfixturevalue(request.param)


def test_a_restart_is_told_once_and_all_that_is_published_afterwards_arrives(outage):
    outage.between.stop()
    began_at = time.monotonic()
    outage.say(*["meanwhile"] * MANY)
    assert time.monotonic() - began_at < AT_ONCE_SECONDS
    with pytest.raises(EngineUnavailable):
        outage.gateway.ask(DescribeStream(STREAM), deadline_seconds=0.1)
    assert outage.engine.gaps.empty()
    outage.between.start()
    back_at = time.monotonic()
    assert outage.engine.gaps.get(timeout=PATIENCE_SECONDS) - back_at < BACK_WITHIN_SECONDS
    words = [f"after {number}" for number in range(MANY)]
    outage.say(*words)
    arrived = [command.stream_id for command in outage.engine.hears(KeepAlive(words[-1]))]
    assert [word for word in arrived if word != "meanwhile"] == words
    assert outage.engine.gaps.empty()


def test_every_outage_is_told(outage):
    for _ in range(2):
        outage.between.stop()
        outage.between.start()
        outage.engine.gaps.get(timeout=PATIENCE_SECONDS)
    outage.say("after")
    outage.engine.hears(KeepAlive("after"))
    assert outage.engine.gaps.empty()


@pytest.mark.services
def test_a_redis_that_is_silent_is_noticed_and_nobody_waits_for_it(over_redis, caplog):
    over_redis.between.freeze()
    began_at = time.monotonic()
    over_redis.say(*["meanwhile"] * MANY)
    assert time.monotonic() - began_at < AT_ONCE_SECONDS
    while "The bus hears nothing" not in caplog.text:
        assert time.monotonic() - began_at < PATIENCE_SECONDS, "nobody noticed"
        time.sleep(0.02)
    over_redis.between.thaw()
    thawed_at = time.monotonic()
    assert over_redis.engine.gaps.get(timeout=PATIENCE_SECONDS) - thawed_at < BACK_WITHIN_SECONDS
    over_redis.say("after")
    over_redis.engine.hears(KeepAlive("after"))
    assert over_redis.engine.gaps.empty()


@pytest.mark.services
def test_who_begins_to_listen_while_redis_is_away_is_told_when_it_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr("backend.bus.transport.CONFIRMED_WITHIN_SECONDS", 0.1)
    redis = RunningRedis(tmp_path)
    redis.stop()
    engine = Listener(RedisBus(redis.url))
    redis.start()
    engine.gaps.get(timeout=PATIENCE_SECONDS)
    engine.bus.close()
    redis.stop()


class FakeNetwork:
    """Carries from any bus to any other, unless it is cut for those who send."""

    def __init__(self):
        self.lines = []
        self.is_cut = False


class FakeLine:
    def __init__(self):
        self.arriving = queue.Queue()

    def subscribe(self, letters):
        self.arriving.put(Arrival("s", "".join(letters).encode()))

    def read(self, patience_seconds):
        try:
            return self.arriving.get(timeout=patience_seconds)
        except queue.Empty:
            return None

    def close(self):
        pass


class FakeBus(NetworkBus):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def transmit(self, letter, data):
        if self.network.is_cut:
            raise OSError("cut")
        for line in self.network.lines:
            line.arriving.put(Arrival(letter, data))

    def connect(self):
        line = FakeLine()
        self.network.lines.append(line)
        return line


@pytest.fixture
def network():
    return FakeNetwork()


def test_what_a_sender_lost_is_told_to_those_who_heard_all_the_time(network):
    gateway, engine = FakeBus(network), Listener(FakeBus(network))
    network.is_cut = True
    gateway.publish(KeepAlive(STREAM))
    while gateway.lost == 0:
        time.sleep(0.01)
    assert engine.gaps.empty()
    network.is_cut = False
    gateway.publish(KeepAlive(StreamId("after")))
    assert engine.hears(KeepAlive("after")) == [KeepAlive("after")]
    engine.gaps.get(timeout=PATIENCE_SECONDS)
    gateway.close()
    engine.bus.close()


def test_what_a_sender_lost_before_somebody_began_to_hear_is_not_missed(network):
    engine = Listener(FakeBus(network))
    (line,) = network.lines
    line.arriving.put(Arrival(LOST, b"1000.0"))
    gateway = FakeBus(network)
    gateway.publish(KeepAlive(STREAM))
    engine.hears(KeepAlive(STREAM))
    assert engine.gaps.empty()
    gateway.close()
    engine.bus.close()


def test_who_cannot_take_a_message_ends_nobodys_hearing(network, caplog):
    engine, gateway = Listener(FakeBus(network)), FakeBus(network)

    def fail(envelope):
        raise ValueError("a bug")

    stop = engine.bus.listen([Topic.COMMANDS], fail)
    gateway.publish(KeepAlive(STREAM))
    engine.hears(KeepAlive(STREAM))
    stop()
    gateway.publish(KeepAlive(StreamId("after")))
    engine.hears(KeepAlive("after"))
    gateway.close()
    engine.bus.close()
    assert "could not be taken" in caplog.text


def test_a_bus_within_the_process_misses_nothing():
    bus, gaps = LocalBus(), []
    stop = bus.on_gap(lambda: gaps.append(1))
    bus.publish(KeepAlive(STREAM))
    stop()
    assert (gaps, bus.lost) == ([], 0)


SAYS_AND_ENDS = """
from django.conf import settings
settings.configure(BUS_URL={url!r})
from backend.bus import publish
from backend.bus.commands import KeepAlive
publish(KeepAlive("last words"))
"""


def test_a_process_that_ends_has_said_what_it_had_to_say(over_the_hub):
    subprocess.run([sys.executable, "-c", SAYS_AND_ENDS.format(url=over_the_hub.between.url)], check=True, timeout=30)
    over_the_hub.engine.hears(KeepAlive("last words"))
