import os

import numpy as np
import pytest

from audio_engine.bank.store import Store
from backend.decoding.decode import Limits
from backend.decoding.errors import AudioTooLong, UnreadableAudio
from tests.backend.decoding.recordings import tone, write_wav

SECOND_BYTES = 88_200


def store_in(tmp_path, *, max_bytes=100_000_000, seconds=60.0):
    return Store(tmp_path / "bank", max_bytes=max_bytes, limits=Limits(seconds=seconds))


def files_of(tmp_path, folder):
    return sorted((tmp_path / "bank" / "1" / folder).iterdir())


def test_a_sound_is_kept_as_it_was_decoded(tmp_path):
    left, right = tone(440), tone(1_000)
    pcm = store_in(tmp_path).add("a", write_wav(tmp_path / "a.wav", left, right))
    assert np.array_equal(pcm, np.stack([left, right], axis=1))
    assert pcm.dtype == np.int16
    assert pcm.flags.c_contiguous
    assert not pcm.flags.writeable
    assert type(pcm) is np.ndarray


def test_a_sound_is_found_again_by_the_next_process(tmp_path):
    original = write_wav(tmp_path / "a.wav", tone(440))
    store_in(tmp_path).add("a", original)
    original.unlink()
    assert np.array_equal(store_in(tmp_path).find("a"), tone(440)[:, np.newaxis])
    assert store_in(tmp_path).find("b") is None


def test_the_same_content_is_kept_once(tmp_path):
    store = store_in(tmp_path)
    store.add("a", write_wav(tmp_path / "a.wav", tone(440)))
    store.add("b", write_wav(tmp_path / "b.wav", tone(440)))
    assert len(files_of(tmp_path, "sounds")) == 1
    assert len(files_of(tmp_path, "names")) == 2


def test_a_name_given_to_another_content_finds_the_new_one(tmp_path):
    store = store_in(tmp_path)
    store.add("a", write_wav(tmp_path / "a.wav", tone(440)))
    store.add("a", write_wav(tmp_path / "b.wav", tone(1_000)))
    assert np.array_equal(store.find("a"), tone(1_000)[:, np.newaxis])


@pytest.mark.parametrize(("content", "refusal"), [(b"not a sound", UnreadableAudio), (None, AudioTooLong)])
def test_a_file_that_is_refused_leaves_nothing(tmp_path, content, refusal):
    path = write_wav(tmp_path / "a.wav", tone(440, seconds=2))
    if content is not None:
        path.write_bytes(content)
    store = store_in(tmp_path, seconds=1.0)
    with pytest.raises(refusal):
        store.add("a", path)
    assert [files_of(tmp_path, folder) for folder in ("sounds", "names", "parts")] == [[], [], []]


def test_the_disk_is_kept_within_its_cap_and_the_longest_unused_goes_first(tmp_path):
    store = store_in(tmp_path, max_bytes=int(2.5 * SECOND_BYTES))
    for number, name in enumerate("abc"):
        store.add(name, write_wav(tmp_path / f"{name}.wav", tone(300 + number)))
        for age, path in enumerate(sorted(files_of(tmp_path, "sounds"), key=lambda path: path.stat().st_mtime)):
            os.utime(path, (1_000 + age, 1_000 + age))
        store.find("a")
    assert [store.find(name) is not None for name in "abc"] == [True, False, True]
    assert len(files_of(tmp_path, "names")) == 2
    assert sum(path.stat().st_size for path in files_of(tmp_path, "sounds")) <= 2.5 * SECOND_BYTES


def test_a_sound_deleted_from_the_disk_goes_on_for_whoever_holds_it(tmp_path):
    store = store_in(tmp_path, max_bytes=SECOND_BYTES)
    held = store.add("a", write_wav(tmp_path / "a.wav", tone(440)))
    store.add("b", write_wav(tmp_path / "b.wav", tone(1_000)))
    assert store.find("a") is None
    assert np.array_equal(held, tone(440)[:, np.newaxis])


@pytest.mark.parametrize("kept_bytes", [0, 60, 10_000])
def test_a_sound_cut_short_by_a_crash_is_not_believed(tmp_path, kept_bytes):
    store = store_in(tmp_path)
    original = write_wav(tmp_path / "a.wav", tone(440))
    store.add("a", original)
    os.truncate(files_of(tmp_path, "sounds")[0], kept_bytes)
    assert store.find("a") is None
    assert np.array_equal(store.add("a", original), tone(440)[:, np.newaxis])


def test_what_a_killed_process_left_is_swept_and_what_another_writes_now_is_not(tmp_path):
    store_in(tmp_path)
    parts = tmp_path / "bank" / "1" / "parts"
    (parts / "old").write_bytes(b"x")
    os.utime(parts / "old", (1_000, 1_000))
    (parts / "new").write_bytes(b"x")
    store_in(tmp_path)
    assert [path.name for path in parts.iterdir()] == ["new"]
