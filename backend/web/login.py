"""Where owners and staff show their password to the pages."""

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponseBase

from backend.accounts.forms import LoginForm
from backend.web.security import policy

_login = LoginView.as_view(template_name="web/login.html", authentication_form=LoginForm, next_page="web:landing")


def log_in(request: HttpRequest) -> HttpResponseBase:
    """Asks for name and password, and goes on to the page of this server that `next` names."""
    response = _login(request)
    response.headers["Content-Security-Policy"] = policy()
    return response
