"""Who asks: by a token, or by the cookie of a browser that has logged in to the admin. For database threads."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, parse_cookie
from django.middleware.csrf import CsrfViewMiddleware

from backend.accounts.models import User
from backend.accounts.tokens import digest_given, user_from_authorization
from backend.errors import DomainError
from backend.resources.viewer import Viewer
from realtime.standing import Admitted, Credential
from schema.http_messages import Request


class CsrfFailed(DomainError):
    """A browser sent its cookie, but not the token that only our own pages can read."""

    code = "CSRF_FAILED"


def caller(request: Request) -> Viewer:
    """Who sends a request; see `admitted`."""
    return admitted(request).viewer


def admitted(request: Request) -> Admitted:
    """Raises NotAuthenticated for a token that is not valid, CsrfFailed for a cookie that another page may have sent.

    A cookie counts where there is no Authorization header, and for GET only when one of our own pages asks.
    """
    authorization = request.headers.get("authorization")
    if authorization:
        return _by_token(authorization)
    if request.method == "GET" and request.headers.get("sec-fetch-site") != "same-origin":
        return Admitted()
    user, session_key = _login(request.headers.get("cookie", ""))
    if user is not None and (reason := _csrf_fault(request)):
        raise CsrfFailed(reason)
    return Admitted() if user is None else Admitted(user, Credential(session_key=session_key))


def socket_caller(headers: Mapping[str, str], authorization: str | None) -> Admitted:
    """Of a websocket, whose handshake any page can start: the cookie counts when it was one of ours.

    Raises NotAuthenticated for a token that is not valid.
    """
    if authorization:
        return _by_token(authorization)
    own = {f"{scheme}://{headers.get('host')}" for scheme in ("http", "https")} | {public_origin()}
    user, session_key = _login(headers.get("cookie", "") if headers.get("origin") in own else "")
    return Admitted() if user is None else Admitted(user, Credential(session_key=session_key))


def _by_token(authorization: str) -> Admitted:
    user = user_from_authorization(authorization)
    return Admitted() if user is None else Admitted(user, Credential(token_digest=digest_given(authorization)))


def user_of_cookies(header: str) -> User | None:
    """Who is logged in by Django's session cookie."""
    return _login(header)[0]


def _login(cookies: str) -> tuple[User | None, str]:
    """Who is logged in, and the login's key."""
    if settings.SESSION_COOKIE_NAME not in cookies:
        return None, ""
    request = HttpRequest()
    request.COOKIES = parse_cookie(cookies)
    SessionMiddleware(_no_response).process_request(request)
    user = get_user(request)
    return (user if isinstance(user, User) else None), request.session.session_key or ""


def public_origin() -> str:
    """The origin of our own pages, as the world reaches them."""
    public_url = urlsplit(settings.PUBLIC_URL)
    return f"{public_url.scheme}://{public_url.netloc}"


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, which says why instead of making a page of it."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _csrf_fault(request: Request) -> str | None:
    """Why this request may come from another page than ours; None when it does not."""
    # Without its type the body is not looked at: the token stands in a header.
    headers = [(name, value) for name, value in request.scope["headers"] if name.lower() != b"content-type"]
    made = ASGIRequest({**request.scope, "headers": headers}, BytesIO())
    check: Any = _CsrfCheck(_no_response)
    check.process_request(made)
    reason: str | None = check.process_view(made, None, (), {})
    return reason


def _no_response(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
