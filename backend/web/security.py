"""The Content-Security-Policy of the pages: all from this server, apart from what a page names."""

from django.conf import settings
from django.http import HttpRequest

BASE = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "object-src": "'none'",
}


def policy(**more: str) -> str:
    """The header's value; `media_src="…"` adds a directive or replaces one of the base."""
    directives = BASE | {name.replace("_", "-"): value for name, value in more.items()}
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def player_policy(request: HttpRequest) -> str:
    """What the listening page may reach: this server, its websockets, the engine's audio, and what it records."""
    audio = settings.AUDIO_URL
    # An asset's file is named by the public address, which need not be the one that this page was opened at.
    media = f"'self' blob: {audio} {settings.PUBLIC_URL}"
    return policy(connect_src=f"'self' {_sockets(request)} {audio}", media_src=media)


def dashboard_policy(request: HttpRequest) -> str:
    """What the dashboard may reach: this server, its websockets, and the files that people contributed."""
    files = f"'self' {settings.PUBLIC_URL}"
    return policy(connect_src=f"{files} {_sockets(request)}", media_src=files, img_src=f"{files} data:")


def _sockets(request: HttpRequest) -> str:
    """Safari before 15.4 does not count websockets of the same host as 'self'."""
    return f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}"
