"""A machine does not start by settings that mean something else than they say."""

import pytest
from pydantic import ValidationError

from backend.config.environment import Environment

REDIS = ("redis://127.0.0.1:6379/0", "rediss://user:secret@redis.example:6380/0", "redis://[::1]:6379/0")
POSTGIS = ("postgis://user:secret@127.0.0.1:5432/earshot", "postgres://db/earshot", "postgresql://db/earshot")


@pytest.mark.parametrize(
    ("name", "url"),
    [("redis_url", url) for url in ("", *REDIS)] + [("database_url", url) for url in ("", *POSTGIS)],
)
def test_a_server_is_named_by_its_url_or_by_none(name, url):
    assert getattr(Environment(secret_key="x", **{name: url}), name) == url


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("redis_url", "unix:///run/redis.sock"),
        ("redis_url", "unix:/run/redis.sock"),
        ("redis_url", "local:"),
        ("redis_url", "127.0.0.1:6379"),
        ("redis_url", "redis:127.0.0.1"),
        ("redis_url", "redis://"),
        ("redis_url", POSTGIS[0]),
        ("database_url", "sqlite:///data/earshot.sqlite3"),
        ("database_url", "mysql://user:secret@127.0.0.1/earshot"),
        ("database_url", "earshot"),
        ("database_url", "postgis://"),
        ("database_url", REDIS[0]),
    ],
)
def test_anything_else_is_refused_by_a_sentence_that_tells_no_password(name, url, monkeypatch):
    monkeypatch.setenv(name.upper(), url)
    with pytest.raises(ValidationError) as refusal:
        Environment(secret_key="x")
    (told,) = refusal.value.errors()
    assert told["loc"] == (name,)
    assert f"{name} begins with {name[:5].replace('datab', 'postg')}" in str(refusal.value)
    assert "secret" not in str(refusal.value)
