"""`python -m bench.unread`: what a subscriber who never reads costs the gateway, and those who do read.

Twenty read events of 4 KiB: first alone, then beside one who has subscribed and takes nothing from the socket. What the
kernel holds of theirs is not counted. Who answers no ping either is given up after a while: "beside" is before that.
"""

import argparse
from pathlib import Path
from urllib.parse import urlsplit

from bench.event_gateway import Gateway, running_gateway
from bench.subscribers import Subscribers
from bench.telling import Round, contestant, told

READERS = 20
MESSAGE_BYTES = 4_096
KIB_A_MIB = 1_024
# Events until it is looked whether the one who does not read is still there: the gateway's pings are rarer.
SOON = 1_500
# Of /proc/PID/clear_refs: the peak begins anew.
FORGET_PEAK = "5"


def main() -> None:
    """Print how soon the readers knew, and by how much the gateway grew."""
    options = _options()
    with running_gateway(words=" " + "x" * MESSAGE_BYTES) as gateway:
        readers = contestant(gateway, gateway.wanted(READERS))
        before = _begin_peak(gateway.pid)
        alone = told(readers, options.alone / options.rate, options.rate)
        growth_alone = _mib_since(before, gateway.pid)
        before = _begin_peak(gateway.pid)
        deaf = Subscribers(gateway.wanted(1, deaf=1))
        beside = told(readers, SOON / options.rate, options.rate)
        unsent = _unsent_bytes(gateway)
        later = told(readers, (options.events - SOON) / options.rate, options.rate)
        growth = _mib_since(before, gateway.pid)
        deaf.leave()
    for name, found in (("alone", alone), ("beside", beside), ("later", later)):
        print(_line(name, found))
    print(
        f"events={options.events} held_by_kernel_kib={unsent // KIB_A_MIB} rss_growth_alone_mib={growth_alone:.1f}"
        f" unread_rss_growth_mib={growth:.1f}"
        f" unread_p99_vs_alone={beside.p99_ms / alone.p99_ms:.2f}"
        f" delivered={min(each.delivered for each in (alone, beside, later)):.2%}"
    )


def _line(name: str, found: Round) -> str:
    return (
        f"{name:6} {found.cpu_us:6.1f} us CPU a delivery   p50 {found.p50_ms:5.1f} ms   p99 {found.p99_ms:5.1f} ms"
        f"   delivered {found.delivered:.2%}"
    )


def _begin_peak(pid: int) -> int:
    """What the process holds in memory now, KiB."""
    Path(f"/proc/{pid}/clear_refs").write_text(FORGET_PEAK)
    return _kib(pid, "VmRSS")


def _mib_since(before_kib: int, pid: int) -> float:
    return (_kib(pid, "VmHWM") - before_kib) / KIB_A_MIB


def _kib(pid: int, name: str) -> int:
    fields = Path(f"/proc/{pid}/status").read_text().split(f"{name}:")[1].split()
    return int(fields[0])


def _unsent_bytes(gateway: Gateway) -> int:
    """What the kernel could not send for the gateway. Raises when that is nothing: then somebody did read."""
    port = f":{urlsplit(gateway.url).port:04X}"
    connections = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    unsent = sum(int(fields[4].split(":")[0], 16) for fields in connections if fields[1].endswith(port))
    if not unsent:
        raise RuntimeError("the one who was not going to read has read")
    return unsent


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--alone", type=int, default=3_000, help="events before the one who does not read comes")
    parser.add_argument("--rate", type=float, default=100.0, help="events a second")
    return parser.parse_args()


if __name__ == "__main__":
    main()
