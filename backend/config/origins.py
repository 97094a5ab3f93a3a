"""Which pages may open websockets: browsers let any page try, and send their cookies with it."""

import ipaddress
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Origin:
    """A page's scheme, host and port (RFC 6454)."""

    scheme: str
    host: str
    port: int

    @classmethod
    def parsed(cls, text: str) -> "Origin | None":
        """None for what is none, as `null`, or has more than an origin."""
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            return None
        scheme, host = parts.scheme.lower(), parts.hostname
        if scheme not in DEFAULT_PORTS or not host or _has_more(parts):
            return None
        return cls(scheme, host, port or DEFAULT_PORTS[scheme])

    @property
    def is_of_this_machine(self) -> bool:
        """Whether its browser runs where it was served: `localhost`, by whatever port."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def _has_more(parts: SplitResult) -> bool:
    return bool(parts.path or parts.query or parts.fragment or parts.username is not None)


class Origins:
    """Those of our own pages, and those that are named besides."""

    def __init__(self, public_url: str, allowed: Iterable[str] = (), *, allows_this_machine: bool = False) -> None:
        allowed = list(allowed)
        self._allows_all = "*" in allowed
        self._allows_this_machine = allows_this_machine
        self._public = _origin_of(public_url)
        self._allowed = {_origin_of(each) for each in allowed if each != "*"} | {self._public}

    def allow(self, given: str, host: str) -> bool:
        """Whether a page of this origin may open a socket to this host (of the Host header)."""
        if self._allows_all:
            return True
        origin = Origin.parsed(given)
        if origin is None:
            return False
        if origin in self._allowed or (self._allows_this_machine and origin.is_of_this_machine):
            return True
        return origin == Origin.parsed(f"{origin.scheme}://{host}") and not self._is_downgraded(origin)

    def _is_downgraded(self, origin: Origin) -> bool:
        """Whether somebody between us and the browser may have written this page: our own are served by https."""
        public = self._public
        return public is not None and origin.host == public.host and (origin.scheme, public.scheme) == ("http", "https")


def _origin_of(url: str) -> Origin | None:
    return Origin.parsed(url.rstrip("/"))


class FromAllowedOrigins:
    """Gives a websocket to an application only when its page may open one; apps, which name no page, may."""

    def __init__(self, application: ASGIApp, origins: Origins) -> None:
        self._application = application
        self._origins = origins

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Called by the server for every handshake."""
        origins = [value.decode("latin1") for name, value in scope["headers"] if name == b"origin"]
        host = next((value.decode("latin1") for name, value in scope["headers"] if name == b"host"), "")
        if all(self._origins.allow(each, host) for each in origins):
            await self._application(scope, receive, send)
        else:
            await refuse_handshake(scope, receive, send)


async def refuse_handshake(scope: Any, receive: Any, send: Any) -> None:
    """The application of those who may not: closed before it is accepted a handshake is answered by 403."""
    await receive()
    await send({"type": "websocket.close"})
