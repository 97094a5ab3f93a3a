"""`python -m bench.listeners`: model players count underruns, beside a control that sends canned bytes.

`--moving N` of the sessions walk, one move a second each; `--stalled N` of them are opened and never read.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field

from bench.audience import Audience
from bench.deaf import not_reading
from bench.peers import BITRATE
from bench.players import Playing
from bench.rig import LATITUDE, LONGITUDE, Rig, free_port, running_engine
from bench.walkers import rounds, walking

START_SECONDS = 1.0
# After so long the healthy have had their bursts, and what the engine holds is what they need.
SETTLE_SECONDS = 5.0


@dataclass(slots=True)
class Watch:
    """What the engine was, second by second."""

    rss_kib: list[float] = field(default_factory=list)
    sounding: list[int] = field(default_factory=list)
    status: dict[str, float] = field(default_factory=dict)

    def look(self, rig: Rig) -> None:
        """One second's figures."""
        self.status = status_of(rig)
        self.rss_kib.append(rig.rss_kib())
        self.sounding.append(int(self.status["sounding"]))

    @property
    def growth_mb(self) -> float:
        """The most that was held, over what was held at first."""
        return (max(self.rss_kib) - self.rss_kib[0]) / 1024


def main() -> None:
    """Both groups listen at the same time, so that the machine's hiccups hit both."""
    options = _options()
    port = free_port()
    control = subprocess.Popen([sys.executable, "-m", "bench.control", str(port), str(BITRATE)])
    try:
        with running_engine(options.sessions) as rig:
            time.sleep(START_SECONDS)
            healthy = rig.urls[options.stalled :]
            groups = {
                "earshot": Audience(healthy, options.seconds),
                "control": Audience([f"http://127.0.0.1:{port}/canned"] * len(healthy), options.seconds),
            }
            walkers = rig.streams[len(rig.streams) - options.moving :]
            with walking(walkers, rounds(LATITUDE, LONGITUDE, walkers=len(walkers))) as walk:
                watch = _watched(rig, rig.urls[: options.stalled], options.seconds)
                heard = {name: audience.reports() for name, audience in groups.items()}
    finally:
        control.terminate()
        control.wait()
    _report(heard, watch)
    print(
        f"underruns={_underruns(heard['earshot'])} control={_underruns(heard['control'])} "
        f"p99_gap_ms={_p99_gap_ms(heard['earshot']):.0f} moves={walk.moves} "
        f"rss_growth_mb={watch.growth_mb:.1f} "
        f"sounding_at_first={watch.sounding[0]} sounding_at_last={watch.sounding[-1]}"
    )


def status_of(rig: Rig) -> dict[str, float]:
    """What the engine says of itself."""
    with urllib.request.urlopen(rig.status_url, timeout=10) as answer:
        found: dict[str, float] = json.load(answer)
    return found


def _watched(rig: Rig, stalled: list[str], seconds: float) -> Watch:
    """Look every second, until just before the players leave."""
    watch, until = Watch(), time.monotonic() + seconds - 2.0
    time.sleep(SETTLE_SECONDS)
    watch.look(rig)
    with not_reading(stalled):
        while time.monotonic() < until:
            time.sleep(1.0)
            watch.look(rig)
    return watch


def _report(heard: dict[str, list[Playing]], watch: Watch) -> None:
    for name, playings in heard.items():
        first = [playing.first_byte_seconds * 1000 for playing in playings]
        print(
            f"{name:8} p99 gap {_p99_gap_ms(playings):.0f} ms, first byte median {statistics.median(first):.0f} ms,",
            f"refused and come again {sum(playing.refusals for playing in playings)} times,",
            f"{sum(playing.received_bytes == 0 for playing in playings)} never heard anything",
        )
    shown = ("load", "late_ticks", "skipped_ticks", "underruns", "lost_chunks", "cut_off", "lag_seconds_worst")
    print("engine  ", " ".join(f"{name}={watch.status[name]}" for name in shown))
    print("sounding", watch.sounding)


def _underruns(playings: list[Playing]) -> int:
    return sum(playing.underruns for playing in playings)


def _p99_gap_ms(playings: list[Playing]) -> float:
    gaps = sorted(playing.longest_gap_seconds for playing in playings)
    return float(gaps[min(len(gaps) - 1, int(len(gaps) * 0.99))]) * 1000


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--moving", type=int, default=None, help="how many walk; half of all unless told otherwise")
    parser.add_argument("--stalled", type=int, default=0, help="how many of the sessions never read")
    options = parser.parse_args()
    options.moving = options.sessions // 2 if options.moving is None else options.moving
    return options


if __name__ == "__main__":
    main()
