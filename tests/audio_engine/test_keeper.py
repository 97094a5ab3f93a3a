"""Who stays behind, and who goes on."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

HEALTHY_AFTER_SECONDS = 0.3
PATIENCE_SECONDS = 10.0

# Says its number, and goes on until it is told to end.
SERVER = """
    import atexit, os, signal, sys, time
    atexit.register(print, "taken down")
    from audio_engine import keeper
    keeper.HEALTHY_AFTER_SECONDS = float(sys.argv[1])
    keeper.stay_behind()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
    print(os.getpid(), flush=True)
    time.sleep(60)
"""


@pytest.fixture
def keeper():
    command = [sys.executable, "-c", textwrap.dedent(SERVER), str(HEALTHY_AFTER_SECONDS)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def next_child(keeper):
    return int(keeper.stdout.readline())


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def outlived(pid):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_alive(pid)


def test_another_goes_on_for_one_that_was_killed(keeper):
    first = next_child(keeper)
    time.sleep(2 * HEALTHY_AFTER_SECONDS)
    os.kill(first, signal.SIGKILL)
    second = next_child(keeper)
    assert second not in (first, keeper.pid)
    assert keeper.poll() is None


def test_one_that_dies_young_takes_the_keeper_along(keeper):
    os.kill(next_child(keeper), signal.SIGKILL)
    assert keeper.wait(PATIENCE_SECONDS) == 256 - signal.SIGKILL


def test_a_signal_to_end_is_handed_on_and_the_outcome_handed_back(keeper):
    child = next_child(keeper)
    time.sleep(2 * HEALTHY_AFTER_SECONDS)
    keeper.terminate()
    assert keeper.wait(PATIENCE_SECONDS) == 7
    assert not is_alive(child)


def test_the_keeper_leaves_without_taking_down_what_it_loaded(keeper):
    next_child(keeper)
    time.sleep(2 * HEALTHY_AFTER_SECONDS)
    keeper.terminate()
    assert keeper.wait(PATIENCE_SECONDS) == 7
    # By the child.
    assert keeper.stdout.read().split("\n") == ["taken down", ""]


def test_nobody_is_left_alone(keeper):
    child = next_child(keeper)
    keeper.kill()
    keeper.wait()
    assert outlived(child)
