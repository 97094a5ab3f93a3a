import os
import threading
from queue import Queue

import numpy as np
import pytest

from audio_engine.bank.bank import Bank, BankLimits
from audio_engine.bank.errors import SourceUnreachable
from audio_engine.bank.fetch import Fetcher
from audio_engine.bank.holdings import Holdings
from audio_engine.clock import FakeClock
from audio_engine.soundscape import SourceKey, SourceState
from backend.decoding.decode import Limits
from tests.audio_engine.bank.servers import body, serving
from tests.backend.decoding.recordings import tone, write_wav

READY, PENDING, BROKEN = SourceState.READY, SourceState.PENDING, SourceState.BROKEN


class HeldFetcher:
    """Waits at a gate before it brings what it was given for a URL, or raises it."""

    def __init__(self, **bodies):
        self.bodies = {f"http://{name}/": content for name, content in bodies.items()}
        self.asked = []
        self.gate = threading.Event()

    def fetch(self, url, into):
        self.asked.append(url)
        assert self.gate.wait(5)
        content = self.bodies[url]
        if isinstance(content, Exception):
            raise content
        into.write(content)


class House:
    """A bank, its media directory, and a queue of what changed."""

    def __init__(self, tmp_path, fetcher=None, **limits):
        self.media = tmp_path / "media"
        self.media.mkdir(exist_ok=True)
        self.clock = FakeClock()
        self.changed = Queue()
        self.fetcher = fetcher or HeldFetcher()
        self.directory = tmp_path / "bank"
        self.bank = Bank(
            self.directory,
            media_roots=[self.media],
            fetcher=self.fetcher,
            limits=BankLimits(**limits),
            now=self.clock.now,
            on_change=self.changed.put,
        )

    def recorded(self, name, hertz=440, **options):
        return self.key(write_wav(self.media / name, tone(hertz, **options)))

    def key(self, path):
        return SourceKey(f"file:{path}")

    def sounds(self):
        return list((self.directory / "1" / "sounds").iterdir())

    def settled(self, key):
        """Ask, and wait until the source has changed."""
        before = self.bank.state(key)
        if before is PENDING:
            assert self.changed.get(timeout=5) == key
        return self.bank.state(key)

    def looked_again(self, key):
        """Ask for a broken source, and wait until the looking thread has nothing left to do."""
        self.bank.state(key)
        self.settle()

    def tidied(self):
        self.bank.tidy()
        self.settle()

    def settle(self):
        done = threading.Event()
        self.bank._looking.submit(done.set)
        assert done.wait(5)


@pytest.fixture
def build(tmp_path):
    houses = []

    def build(*arguments, **options):
        houses.append(House(tmp_path, *arguments, **options))
        return houses[-1]

    yield build
    for house in houses:
        if isinstance(house.fetcher, HeldFetcher):
            house.fetcher.gate.set()
        house.bank.close()


@pytest.fixture
def house(build):
    return build()


def test_a_sound_is_pending_when_first_asked_for_and_then_ready(house):
    key = house.recorded("a.wav")
    assert house.bank.state(key) is PENDING
    assert house.bank.pcm(key) is None
    assert house.changed.get(timeout=5) == key
    assert house.bank.state(key) is READY
    assert np.array_equal(house.bank.pcm(key), tone(440)[:, np.newaxis])
    assert house.bank.failure(key) is None


def test_asking_for_the_sound_itself_starts_its_preparation_too(house):
    key = house.recorded("a.wav")
    assert house.bank.pcm(key) is None
    assert house.changed.get(timeout=5) == key
    assert house.bank.pcm(key) is not None


def test_a_sound_is_prepared_once_however_many_ask(build, tmp_path):
    house = build(HeldFetcher(one=write_wav(tmp_path / "a.wav", tone(440)).read_bytes()))
    key = SourceKey("http://one/")
    askers = [threading.Thread(target=house.bank.state, args=[key]) for _ in range(20)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    house.fetcher.gate.set()
    assert house.settled(key) is READY
    assert house.fetcher.asked == ["http://one/"]
    assert house.changed.empty()


def test_a_known_sound_is_ready_again_without_its_original(build, tmp_path):
    fetcher = HeldFetcher(one=write_wav(tmp_path / "a.wav", tone(440)).read_bytes())
    fetcher.gate.set()
    assert build(fetcher).settled(SourceKey("http://one/")) is READY
    restarted = build(HeldFetcher())
    assert restarted.settled(SourceKey("http://one/")) is READY
    assert restarted.fetcher.asked == []


def test_a_file_that_vanished_is_broken_at_once_and_others_play_on(house):
    playing, gone = house.recorded("a.wav"), house.recorded("b.wav", 1_000)
    assert house.settled(playing) is READY
    (house.media / "b.wav").unlink()
    assert house.settled(gone) is BROKEN
    assert house.bank.failure(gone).code == "SOURCE_UNREACHABLE"
    assert house.bank.pcm(gone) is None
    assert house.bank.state(playing) is READY


def test_a_sound_in_the_bank_plays_on_when_its_file_vanishes(house):
    key = house.recorded("a.wav")
    assert house.settled(key) is READY
    (house.media / "a.wav").unlink()
    house.clock.advance(100)
    assert house.bank.state(key) is READY


def test_a_file_that_is_no_sound_is_broken_with_its_reason(house):
    (house.media / "a.mp3").write_text("ffconcat version 1.0\nfile /etc/passwd\n")
    key = house.key(house.media / "a.mp3")
    assert house.settled(key) is BROKEN
    assert house.bank.failure(key).code == "UNREADABLE_AUDIO"


def test_a_sound_longer_than_the_bank_takes_is_broken(build):
    house = build(decoding=Limits(seconds=0.5))
    key = house.recorded("a.wav")
    assert house.settled(key) is BROKEN
    assert house.bank.failure(key).code == "AUDIO_TOO_LONG"


@pytest.mark.parametrize("path", ["/etc/passwd", "{media}/../outside.wav", "{media}/link.wav", "outside.wav", "\0", ""])
def test_a_path_outside_the_media_is_refused(house, tmp_path, path):
    outside = write_wav(tmp_path / "outside.wav", tone(440))
    (house.media / "link.wav").symlink_to(outside)
    key = SourceKey(f"file:{path.format(media=house.media)}")
    assert house.settled(key) is BROKEN
    assert house.bank.failure(key).code == "SOURCE_REFUSED"


def test_a_broken_file_is_tried_again_when_it_has_changed(house):
    (house.media / "a.wav").write_text("nothing")
    key = house.key(house.media / "a.wav")
    assert house.settled(key) is BROKEN
    house.recorded("a.wav")
    house.clock.advance(1.9)
    house.looked_again(key)
    assert house.bank.state(key) is BROKEN
    house.clock.advance(0.2)
    assert house.bank.state(key) is BROKEN
    assert house.changed.get(timeout=5) == key
    assert house.bank.state(key) is READY
    assert house.bank.failure(key) is None


def test_a_missing_file_is_taken_when_it_comes(house):
    key = house.key(house.media / "late.wav")
    assert house.settled(key) is BROKEN
    house.recorded("late.wav")
    house.clock.advance(2.1)
    house.bank.state(key)
    assert house.changed.get(timeout=5) == key
    assert house.bank.state(key) is READY


def test_a_broken_url_is_tried_again_after_a_minute(build, tmp_path):
    house = build(HeldFetcher(one=SourceUnreachable("gone")))
    house.fetcher.gate.set()
    key = SourceKey("http://one/")
    assert house.settled(key) is BROKEN
    house.fetcher.bodies[key] = write_wav(tmp_path / "a.wav", tone(440)).read_bytes()
    house.clock.advance(59)
    house.looked_again(key)
    assert len(house.fetcher.asked) == 1
    house.clock.advance(2)
    house.bank.state(key)
    assert house.changed.get(timeout=5) == key
    assert house.bank.state(key) is READY
    assert len(house.fetcher.asked) == 2


def test_slow_urls_hold_up_no_file(house):
    house.fetcher.bodies.update({f"http://slow{number}/": b"" for number in range(20)})
    for number in range(20):
        assert house.bank.state(SourceKey(f"http://slow{number}/")) is PENDING
    assert house.settled(house.recorded("a.wav")) is READY


def test_a_bug_in_one_source_breaks_that_source_alone(build, caplog):
    house = build(HeldFetcher(one=ZeroDivisionError()))
    house.fetcher.gate.set()
    assert house.settled(SourceKey("http://one/")) is BROKEN
    assert house.settled(house.recorded("a.wav")) is READY
    assert "http://one/" in caplog.text


def test_a_url_is_fetched_decoded_and_kept(build, tmp_path):
    content = write_wav(tmp_path / "a.wav", tone(440)).read_bytes()
    with serving(body(content)) as server:
        house = build(Fetcher(allows_private=True))
        key = SourceKey(server.url)
        assert house.settled(key) is READY
        assert np.array_equal(house.bank.pcm(key), tone(440)[:, np.newaxis])
        assert server.connections == 1


def test_a_url_of_this_machine_is_refused_by_default(build):
    with serving(body(b"secret")) as server:
        house = build(Fetcher())
        key = SourceKey(server.url)
        assert house.settled(key) is BROKEN
        assert house.bank.failure(key).code == "SOURCE_REFUSED"
        assert server.connections == 0


SECOND_BYTES = 88_200


def test_the_sounds_longest_not_asked_for_are_released_when_too_much_is_mapped(build):
    house = build(mapped_bytes=int(2.5 * SECOND_BYTES))
    keys = [house.recorded(f"{number}.wav", 300 + number) for number in range(3)]
    assert house.settled(keys[0]) is READY
    held = house.bank.pcm(keys[0])
    house.clock.advance(10)
    for key in keys[1:]:
        assert house.settled(key) is READY
    assert house.bank.state(keys[0]) is PENDING
    assert np.array_equal(held, tone(300)[:, np.newaxis])
    assert house.settled(keys[0]) is READY


def test_what_sounds_is_not_released_even_when_too_much_is_mapped(build):
    house = build(mapped_bytes=SECOND_BYTES)
    keys = [house.recorded(f"{number}.wav", 300 + number) for number in range(3)]
    for key in keys:
        assert house.settled(key) is READY
    assert [house.bank.state(key) for key in keys] == [READY] * 3


def test_what_nobody_asked_for_during_an_hour_is_forgotten(house):
    gone = house.key(house.media / "gone.wav")
    assert house.settled(gone) is BROKEN
    house.clock.advance(3_601)
    assert house.settled(house.recorded("a.wav")) is READY
    assert house.bank.failure(gone) is None


def test_a_full_disk_breaks_the_source_and_says_so(house, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    key = house.recorded("a.wav")
    assert house.settled(key) is BROKEN
    assert "No space left" in house.bank.failure(key).message


def test_a_broken_source_is_reported_once_however_often_it_is_tried_and_once_more_when_it_sounds_again(house, caplog):
    caplog.set_level("INFO")
    key = house.key(house.media / "late.wav")
    assert house.settled(key) is BROKEN
    for _ in range(3):
        house.clock.advance(100)
        house.looked_again(key)
    (report,) = caplog.records
    assert report.levelname == "WARNING"
    assert report.getMessage() == f"The source {key} cannot sound: {house.bank.failure(key).message}"
    assert (house.bank.holdings().broken_sources, house.bank.holdings().breakages) == (1, 1)
    house.recorded("late.wav")
    house.clock.advance(100)
    house.bank.state(key)
    assert house.changed.get(timeout=5) == key
    assert caplog.records[1:] == [caplog.records[-1]]
    assert caplog.records[-1].getMessage() == f"The source {key} can sound again."
    assert (house.bank.holdings().broken_sources, house.bank.holdings().breakages) == (0, 1)


def test_the_bank_tells_what_it_holds(house):
    ready, broken = house.recorded("a.wav"), house.key(house.media / "gone.wav")
    assert house.settled(ready) is READY
    assert house.settled(broken) is BROKEN
    house.bank.state(SourceKey("http://slow/"))
    house.tidied()
    assert house.bank.holdings() == Holdings(
        mapped_bytes=SECOND_BYTES,
        mapped_sounds=1,
        disk_bytes=SECOND_BYTES + 128,
        disk_sounds=1,
        pending_sources=1,
        broken_sources=1,
        breakages=1,
    )


def test_what_was_in_use_when_too_much_was_mapped_is_released_when_it_has_fallen_silent(build):
    house = build(mapped_bytes=int(1.5 * SECOND_BYTES))
    keys = [house.recorded(f"{number}.wav", 300 + number) for number in range(3)]
    for key in keys:
        assert house.settled(key) is READY
    house.tidied()
    assert house.bank.holdings().mapped_sounds == 3
    house.clock.advance(10)
    assert house.bank.state(keys[2]) is READY
    house.tidied()
    assert house.bank.holdings().mapped_sounds == 1
    assert house.bank.pcm(keys[2]) is not None


def test_the_disk_keeps_what_has_sounded_for_long_rather_than_what_was_opened_lately(build):
    house = build(disk_bytes=int(2.5 * SECOND_BYTES))
    old, idle = house.recorded("old.wav", 300), house.recorded("idle.wav", 301)
    assert [house.settled(old), house.settled(idle)] == [READY, READY]
    for age, path in enumerate(sorted(house.sounds(), key=lambda path: path.stat().st_mtime)):
        os.utime(path, (1_000 + age, 1_000 + age))
    house.clock.advance(120)
    house.bank.state(old)
    house.tidied()
    assert house.settled(house.recorded("new.wav", 302)) is READY
    assert len(house.sounds()) == 2
    again = Bank(house.directory, media_roots=[house.media], fetcher=house.fetcher, on_change=house.changed.put)
    try:
        assert again._store.find(again._identity(old)) is not None
        assert again._store.find(again._identity(idle)) is None
    finally:
        again.close()


def test_a_disk_that_holds_too_much_is_trimmed_without_a_new_sound(build):
    house = build()
    for number in range(3):
        assert house.settled(house.recorded(f"{number}.wav", 300 + number)) is READY
    smaller = Bank(
        house.directory,
        media_roots=[house.media],
        fetcher=house.fetcher,
        limits=BankLimits(disk_bytes=int(1.5 * SECOND_BYTES)),
    )
    smaller.tidy()
    done = threading.Event()
    smaller._looking.submit(done.set)
    assert done.wait(5)
    smaller.close()
    assert len(house.sounds()) == 1
    assert smaller.holdings().disk_sounds == 1
