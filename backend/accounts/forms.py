"""The forms that open an account by its password: tries are counted as at the other doors."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from backend.accounts.throttle import LoginThrottled, count_try, forget_tries


class LoginForm(AuthenticationForm):
    """For everybody who has a password."""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError, also when the password of this account was tried too often."""
        username = self.cleaned_data.get("username", "")
        try:
            count_try(username)
        except LoginThrottled as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        cleaned = super().clean()
        forget_tries(username)
        return cleaned


class AdminLoginForm(LoginForm, AdminAuthenticationForm):
    """For staff alone."""
