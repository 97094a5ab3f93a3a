"""The cast and a small project, for every test that asks for them."""

import pytest

from tests.cast import Cast, Walk, make_cast, make_walk


@pytest.fixture
def walk(db: None) -> Walk:
    """A small project that sounds."""
    return make_walk()


@pytest.fixture
def cast(walk: Walk) -> Cast:
    """Four users; the owner owns the project of `walk`."""
    return make_cast(walk.project)


@pytest.fixture
def quick_passwords(settings) -> None:
    """Hashes that cost nothing, for tests that check passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
