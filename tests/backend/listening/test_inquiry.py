"""Whoever asks an engine that is dead waits once, and leaves the others room."""

import threading

import pytest

from backend.bus.commands import DescribeStream
from backend.bus.replies import StreamDescription
from backend.errors import EngineUnavailable
from backend.listening import inquiry as module
from backend.listening.inquiry import MOST_AT_ONCE, SILENCE_SECONDS, Inquiry

QUESTION = DescribeStream("s1")
ANSWER = StreamDescription("s1", is_live=True, listeners=1)
PATIENCE_SECONDS = 10


class FakeEngine:
    """A bus whose engine answers, is dead, or takes its time."""

    def __init__(self):
        self.is_dead = False
        self.asked = 0
        self.answering = threading.Event()
        self.answering.set()

    def ask(self, question, *, deadline_seconds):
        self.asked += 1
        assert self.answering.wait(PATIENCE_SECONDS)
        if self.is_dead:
            raise EngineUnavailable("no answer")
        return ANSWER


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def clock():
    return [100.0]


@pytest.fixture
def inquiry(engine, clock):
    return Inquiry(engine, now=lambda: clock[0])


def refused(inquiry):
    with pytest.raises(EngineUnavailable) as refusal:
        inquiry.ask(QUESTION)
    assert refusal.value.code == "ENGINE_UNAVAILABLE"


def test_an_engine_that_did_not_answer_is_not_asked_for_a_moment(inquiry, engine, clock):
    engine.is_dead = True
    refused(inquiry)
    refused(inquiry)
    assert engine.asked == 1
    clock[0] += SILENCE_SECONDS
    engine.is_dead = False
    assert inquiry.ask(QUESTION) == ANSWER
    assert inquiry.ask(QUESTION) == ANSWER


def test_few_wait_at_once(inquiry, engine, monkeypatch):
    monkeypatch.setattr(module, "TURN_SECONDS", 0)
    engine.answering.clear()
    waiting = [threading.Thread(target=inquiry.ask, args=(QUESTION,)) for _ in range(MOST_AT_ONCE)]
    for thread in waiting:
        thread.start()
    while engine.asked < MOST_AT_ONCE:
        pass
    refused(inquiry)
    assert engine.asked == MOST_AT_ONCE
    engine.answering.set()
    for thread in waiting:
        thread.join(PATIENCE_SECONDS)
    assert inquiry.ask(QUESTION) == ANSWER
