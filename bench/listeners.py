"""`python -m bench.listeners`: model players count underruns, beside a control that sends canned bytes."""

import argparse
import statistics
import subprocess
import sys
import time

from bench.audience import Audience
from bench.peers import BITRATE
from bench.players import Playing
from bench.rig import free_port, running_engine

START_SECONDS = 1.0


def main() -> None:
    """Both groups listen at the same time, so that the machine's hiccups hit both."""
    options = _options()
    port = free_port()
    control = subprocess.Popen([sys.executable, "-m", "bench.control", str(port), str(BITRATE)])
    try:
        with running_engine(options.sessions) as rig:
            time.sleep(START_SECONDS)
            groups = {
                "earshot": Audience(rig.urls, options.seconds),
                "control": Audience([f"http://127.0.0.1:{port}/canned"] * options.sessions, options.seconds),
            }
            heard = {name: audience.reports() for name, audience in groups.items()}
    finally:
        control.terminate()
        control.wait()
    for name, playings in heard.items():
        first = [playing.first_byte_seconds * 1000 for playing in playings]
        print(f"{name:8} p99 gap {_p99_gap_ms(playings):.0f} ms, first byte median {statistics.median(first):.0f} ms")
    print(
        f"underruns={_underruns(heard['earshot'])} control={_underruns(heard['control'])} "
        f"p99_gap_ms={_p99_gap_ms(heard['earshot']):.0f}"
    )


def _underruns(playings: list[Playing]) -> int:
    return sum(playing.underruns for playing in playings)


def _p99_gap_ms(playings: list[Playing]) -> float:
    gaps = sorted(playing.longest_gap_seconds for playing in playings)
    return float(gaps[min(len(gaps) - 1, int(len(gaps) * 0.99))]) * 1000


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=30.0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
