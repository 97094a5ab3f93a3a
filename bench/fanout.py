"""`python -m bench.fanout`: what it costs to tell 500 subscribers of an event, and how soon they know.

Ours is the real gateway: events are recorded by another process, and go over the bus, through the log's order, one
rendering a class of viewers, and out by graphql-transport-ws. Its peers send the same bytes and do nothing else:
`websockets.broadcast` on asyncio (raw), and a bare ASGI application on Daphne. They take turns. A delivery's time is
from the commit of the event's transaction (of the peers: from the beginning of the broadcast) until it is received.
"""

import argparse
from contextlib import ExitStack

from bench.event_gateway import SOCKETS_EACH, Gateway, running_gateway
from bench.fanout_peers import Peer, daphne, raw, running_peer
from bench.subscribers import CURSOR, EPOCH_BYTES, Subscribers, Wanted
from bench.telling import Contestant, contestant, median, rss_kib, subscribed, told

FEW = 20


class Broadcast:
    """A peer: it sends what a subscriber of ours received, with another number."""

    def __init__(self, peer: Peer, sample: bytes) -> None:
        self.pid = peer.pid
        self._peer = peer
        digits = sample.index(CURSOR) + len(CURSOR) + EPOCH_BYTES
        self._before, self._after = sample[:digits], sample[sample.index(b'"', digits) :]
        self._number = 0

    def tell(self) -> tuple[int, float]:
        """See Teller."""
        self._number += 1
        return self._number, self._peer.tell(b"%b%d%b" % (self._before, self._number, self._after))


def main() -> None:
    """Print every server's medians, and the ratios."""
    options = _options()
    with running_gateway(options.users) as gateway, ExitStack() as peers:
        contestants, rss_kib, message = _contestants(gateway, options.subscribers, peers)
        stretch = options.seconds / options.rounds
        rounds = [
            {name: told(each, stretch, options.rate) for name, each in contestants.items()}
            for _ in range(options.rounds)
        ]
    medians = {name: median([each[name] for each in rounds]) for name in contestants}
    for name, found in medians.items():
        p99s = [round(each[name].p99_ms) for each in rounds]
        print(
            f"{name:8} {found.cpu_us:6.1f} us CPU a delivery   p50 {found.p50_ms:5.1f} ms   p99 {found.p99_ms:5.1f} ms"
            f" {p99s}   delivered {found.delivered:.2%}"
        )
    print(
        f"subscribers={options.subscribers} classes={1 + options.users} events_per_second={options.rate}"
        f" seconds={options.seconds:g} message_bytes={message} rss_per_idle_subscriber_kib={rss_kib:.0f}"
    )
    ours, alone = medians["ours"], medians["raw"]
    print(
        f"fanout_cpu_vs_raw={ours.cpu_us / alone.cpu_us:.2f} fanout_p99_vs_raw={ours.p99_ms / alone.p99_ms:.2f}"
        f" delivered={min(each['ours'].delivered for each in rounds):.2%}"
    )


def _contestants(gateway: Gateway, subscribers: int, peers: ExitStack) -> tuple[dict[str, Contestant], float, int]:
    few = Subscribers(gateway.wanted(FEW))
    sample = subscribed(gateway, few, FEW).sample
    few.leave()
    before = rss_kib(gateway.pid)
    many = contestant(gateway, gateway.wanted(subscribers))
    rss = (rss_kib(gateway.pid) - before) / subscribers
    found = {}
    for serve in (raw, daphne):
        peer = peers.enter_context(running_peer(serve))
        found[serve.__name__] = contestant(Broadcast(peer, sample), Wanted(peer.url, "", [None] * subscribers))
    return {**found, "ours": many}, rss, len(sample)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=500)
    parser.add_argument("--rate", type=float, default=20.0, help="events a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="for each server, all rounds together")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--users", type=int, default=4, help=f"who are known, each with {SOCKETS_EACH} of the sockets")
    return parser.parse_args()


if __name__ == "__main__":
    main()
