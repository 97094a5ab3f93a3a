"""Who calls: the token of the Authorization header."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from backend.accounts.models import User
from backend.accounts.tokens import user_from_authorization


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …` or `Bearer …`, in any case."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The user, None without a token. Raises NotAuthenticated for one that is not valid."""
        user = user_from_authorization(request.headers.get("Authorization"))
        return None if user is None else (user, None)

    def authenticate_header(self, request: Request) -> str:
        """What a 401 says that it wants."""
        return "Token"
