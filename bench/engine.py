"""`python -m bench.engine`: what a second of stream costs, beside bare LAME, GStreamer and ffmpeg in the same run.

Of Earshot it is all that the engine's process does: planning for listeners who walk, one move a second each off the
bus, rendering, encoding, delivery.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.audience import Audience
from bench.control import TICK_SECONDS
from bench.listeners import status_of
from bench.peers import bare_lame, ffmpeg, gstreamer
from bench.programme import mix, write_programme
from bench.rig import LATITUDE, LONGITUDE, Rig, running_engine, wait_until
from bench.walkers import NEAR_DEGREES, NEAR_SECONDS_PER_ROUND, rounds, walking

SETTLE_SECONDS = 4.0
# By then nobody is measured any more.
LONGEST_SECONDS = 600.0

Contender = Callable[[], float | None]


def main() -> None:
    """Print each contender's median and the ratios."""
    options = _options()
    programme = Path(tempfile.mkdtemp(prefix="earshot-programme-"))
    paths = [programme / name for name in write_programme(programme, kind=options.sources)]
    samples = mix()
    with running_engine(options.sessions) as rig:
        rss_kib = rss_kib_per_session(rig)
        contenders: dict[str, Contender] = {
            "bare lameenc": lambda: bare_lame(samples),
            "earshot": lambda: our_engine(rig, options.seconds),
            "gstreamer fast": lambda: gstreamer(paths),
            "ffmpeg amix": lambda: ffmpeg(paths),
        }
        results = _interleaved(contenders, options.rounds)
    medians = {name: statistics.median(values) if values else None for name, values in results.items()}
    for name, median in medians.items():
        print(f"{name:16} {_shown(median)} ms CPU per stream-second   {[round(value, 2) for value in results[name]]}")
    ours, lame, gst = (medians[name] for name in ("earshot", "bare lameenc", "gstreamer fast"))
    print(
        f"engine_vs_bare_lame={_ratio(ours, lame)} engine_vs_gstreamer={_ratio(ours, gst)} "
        f"streams_per_core={1000 / (ours or 1):.0f} rss_per_session_kib={rss_kib:.0f}"
    )


def our_engine(rig: Rig, seconds: float) -> float:
    """The whole engine's CPU for one second of one stream, with a player connected to each and its listener walking."""
    route = rounds(
        LATITUDE,
        LONGITUDE,
        walkers=len(rig.streams),
        radius_degrees=NEAR_DEGREES,
        seconds_per_round=NEAR_SECONDS_PER_ROUND,
    )
    with walking(rig.streams, route), listening(rig, rig.urls):
        skipped, cpu, started = _skipped_seconds(rig), rig.cpu_seconds(), time.monotonic()
        time.sleep(seconds)
        used, elapsed = rig.cpu_seconds() - cpu, time.monotonic() - started
        # What a busy machine lets fall out was not rendered.
        sounded = elapsed - (_skipped_seconds(rig) - skipped)
    return used * 1000 / sounded / len(rig.urls)


@contextmanager
def listening(rig: Rig, urls: list[str]) -> Iterator[None]:
    """Everybody hears, and has had the burst: it is paid once a listener, not once a second."""
    with Audience(urls, LONGEST_SECONDS):
        wait_until(lambda: status_of(rig)["sounding"] == len(urls), "the whole audience")
        time.sleep(SETTLE_SECONDS)
        yield
    wait_until(lambda: status_of(rig)["sounding"] == 0, "silence")


def _skipped_seconds(rig: Rig) -> float:
    return status_of(rig)["skipped_ticks"] * TICK_SECONDS


def rss_kib_of(rig: Rig, players: int) -> float:
    """What the engine holds while so many are listening."""
    with listening(rig, rig.urls[:players]):
        return rig.rss_kib()


def rss_kib_per_session(rig: Rig) -> float:
    """The slope between a quarter of the sessions and all of them; few first, for memory is not given back."""
    few, many = max(1, len(rig.urls) // 4), len(rig.urls)
    return -(rss_kib_of(rig, few) - rss_kib_of(rig, many)) / (many - few)


def _interleaved(contenders: dict[str, Contender], turns: int) -> dict[str, list[float]]:
    results: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(turns):
        for name, measure in contenders.items():
            value = measure()
            if value is not None:
                results[name].append(value)
            print(f"round {number + 1}/{turns}: {name} {_shown(value)}", file=sys.stderr)
    return results


def _shown(value: float | None) -> str:
    return "na" if value is None else f"{value:.2f}"


def _ratio(ours: float | None, theirs: float | None) -> str:
    return "na" if ours is None or theirs is None else f"{ours / theirs:.3f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--sources", choices=["mp3", "wav"], default="mp3", help="as which the peers read the sounds")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
