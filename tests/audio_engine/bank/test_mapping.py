import gc
from pathlib import Path

import numpy as np
import pytest

from audio_engine.bank.mapping import mapped_bytes


def maps_of(path):
    """How often this process has the file mapped."""
    return Path("/proc/self/maps").read_text().count(str(path))


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "sound"
    path.write_bytes(bytes(range(256)) * 40)
    return path


def test_the_bytes_are_the_files_and_nobody_can_write_them(path):
    with path.open("rb") as file:
        found = mapped_bytes(file)
    assert found.tobytes() == path.read_bytes()
    assert not found.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 1


def test_no_file_stays_open(path):
    before = open_files()
    held = []
    for _ in range(50):
        with path.open("rb") as file:
            held.append(mapped_bytes(file))
    assert open_files() == before
    assert maps_of(path) == 50


def test_it_stays_mapped_while_a_part_is_held_also_when_the_file_is_deleted(path):
    with path.open("rb") as file:
        part = mapped_bytes(file)[2_560:].view(np.int16)
    path.unlink()
    gc.collect()
    assert maps_of(path) == 1
    assert part[0] == 0x0100
    del part
    assert maps_of(path) == 0


def test_an_empty_file_cannot_be_mapped(tmp_path):
    path = tmp_path / "empty"
    path.touch()
    with path.open("rb") as file, pytest.raises(OSError, match="Invalid argument"):
        mapped_bytes(file)
