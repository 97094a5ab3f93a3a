"""What waits for the beat, and what does not."""

from audio_engine.inbox import Inbox
from backend.bus.codec import Envelope
from backend.bus.commands import MoveListener, SkipAsset
from backend.geo.position import Position


class Loop:
    """Does what it was asked to when told."""

    def __init__(self):
        self.heard = []
        self.waiting = []
        self.inbox = Inbox(lambda envelope: self.heard.append(envelope.message), soon=self.waiting.append)

    def put(self, *messages):
        for message in messages:
            self.inbox.put(Envelope(message))

    def turn(self):
        while self.waiting:
            self.waiting.pop(0)()


def move(stream_id, latitude):
    return MoveListener(stream_id, Position(latitude, 24.0))


def test_moves_wait_for_the_beat_and_wake_nobody():
    loop = Loop()
    loop.put(move("s1", 60.0))
    assert loop.waiting == loop.heard == []
    loop.inbox.take_moves()
    assert loop.heard == [move("s1", 60.0)]


def test_of_each_listener_the_latest_place_counts():
    loop = Loop()
    loop.put(move("s1", 60.0), move("s2", 10.0), move("s1", 61.0))
    loop.inbox.take_moves()
    assert loop.heard == [move("s1", 61.0), move("s2", 10.0)]
    loop.inbox.take_moves()
    assert len(loop.heard) == 2


def test_all_else_comes_at_once_after_the_moves_before_it():
    loop = Loop()
    loop.put(move("s1", 60.0), SkipAsset("s1"))
    loop.turn()
    assert loop.heard == [move("s1", 60.0), SkipAsset("s1")]
