"""Both ways of carrying messages keep the one promise."""

import logging
import os
import queue

import pytest

from backend.bus.codec import Topic
from backend.bus.commands import DescribeStream, KeepAlive
from backend.bus.redis_bus import RedisBus
from backend.bus.replies import StreamDescription
from backend.bus.transport import LocalBus
from backend.bus.unix_socket import UnixSocketBus
from backend.errors import EngineUnavailable
from backend.ids import StreamId
from tests.backend.bus.running import PATIENCE_SECONDS, RunningHub

STREAM = StreamId("s1")


@pytest.fixture
def hub(tmp_path):
    running = RunningHub(tmp_path / "bus.sock")
    yield running
    running.stop()


def unix_pair(hub):
    return UnixSocketBus(hub.url), UnixSocketBus(hub.url)


def redis_pair(_hub):
    url = os.environ.get("TEST_REDIS_URL")
    if not url:
        pytest.fail("the marker `services` needs TEST_REDIS_URL")
    return RedisBus(url), RedisBus(url)


def local_pair(_hub):
    bus = LocalBus()
    return bus, bus


@pytest.fixture(params=[local_pair, unix_pair, pytest.param(redis_pair, marks=pytest.mark.services)])
def pair(request, hub):
    gateway, engine = request.param(hub)
    yield gateway, engine
    gateway.close()
    engine.close()


def answering(engine, *, is_live=True):
    """The engine's side: a queue of what it hears, and every question answered."""
    heard = queue.Queue()

    def hear(envelope):
        heard.put(envelope.message)
        if isinstance(envelope.message, DescribeStream):
            engine.answer(envelope, StreamDescription(envelope.message.stream_id, is_live, 1))

    engine.listen([Topic.COMMANDS], hear)
    return heard


def ask_until_heard(gateway):
    """The first answer; a subscription may need a moment to reach the other side."""
    for _ in range(50):
        try:
            return gateway.ask(DescribeStream(STREAM), deadline_seconds=0.1)
        except EngineUnavailable:
            continue
    pytest.fail("nobody answered")


def test_a_command_reaches_the_other_process_and_a_question_is_answered(pair):
    gateway, engine = pair
    heard = answering(engine)
    assert ask_until_heard(gateway) == StreamDescription(STREAM, is_live=True, listeners=1)
    gateway.publish(KeepAlive(STREAM))
    arrived = [heard.get(timeout=PATIENCE_SECONDS)]
    while not isinstance(arrived[-1], KeepAlive):
        arrived.append(heard.get(timeout=PATIENCE_SECONDS))
    assert arrived[-1] == KeepAlive(STREAM)


def test_a_topic_that_nobody_asked_for_is_not_heard(pair):
    gateway, engine = pair
    heard = answering(engine)
    ask_until_heard(gateway)
    assert all(isinstance(message, DescribeStream) for message in heard.queue)


def test_nobody_there_is_an_error_with_a_code_after_the_deadline(pair):
    gateway, _ = pair
    with pytest.raises(EngineUnavailable) as refusal:
        gateway.ask(DescribeStream(STREAM), deadline_seconds=0.05)
    assert refusal.value.code == "ENGINE_UNAVAILABLE"


def test_publishing_without_a_hub_is_lost_but_never_raises(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    bus = UnixSocketBus(f"unix:{tmp_path}/nobody.sock")
    bus.publish(KeepAlive(STREAM))
    bus.close()
    assert bus.lost == 1
    assert "The bus loses messages" in caplog.text


def test_whoever_stops_listening_hears_nothing_more():
    bus, heard = LocalBus(), []
    stop = bus.listen([Topic.COMMANDS], heard.append)
    bus.publish(KeepAlive(STREAM))
    stop()
    bus.publish(KeepAlive(STREAM))
    assert len(heard) == 1
