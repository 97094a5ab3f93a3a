"""Documents by hash: what runs, what is warned of, and what is refused."""

import logging

import pytest

from backend.documents.actions import register_document, sha256_of
from backend.documents.models import Document
from schema import documents, persisted
from schema.context import Context
from schema.execution import Operation, execute
from schema.persisted import DocumentRequired, HashMismatch, known_document

pytestmark = pytest.mark.django_db

TEXT = "{ __typename }"
HASH = sha256_of(TEXT)
OTHER = sha256_of("{ other: __typename }")


@pytest.fixture(autouse=True)
def fresh():
    persisted.forget()


@pytest.fixture
def registered():
    return register_document(TEXT, name="typename")


def asked(query="", sha256=None):
    return execute(Operation(query, sha256=sha256), Context())


@pytest.mark.parametrize("mode", ["off", "warn", "enforce"])
class TestByHash:
    def test_a_registered_document_is_executed_in_every_mode(self, registered, settings, mode):
        settings.GRAPHQL_DOCUMENTS = mode
        assert asked(sha256=HASH).body()["data"] == {"__typename": "Query"}
        assert "warnings" not in asked(sha256=HASH).extensions

    def test_one_that_nobody_registered_is_not_found_and_is_not_kept(self, settings, mode):
        settings.GRAPHQL_DOCUMENTS = mode
        body = asked(sha256=HASH).body()
        assert body == {
            "errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}]
        }
        assert not Document.objects.exists()

    def test_a_text_must_have_the_hash_that_comes_with_it(self, registered, settings, mode):
        settings.GRAPHQL_DOCUMENTS = mode
        assert known_document(TEXT, HASH).text == TEXT
        with pytest.raises(HashMismatch):
            known_document(TEXT, OTHER)


class TestTexts:
    def test_any_is_executed_where_nothing_else_is_said_and_none_is_registered_by_that(self):
        assert known_document(TEXT, None) == persisted.Known(TEXT)
        assert known_document(TEXT, HASH) == persisted.Known(TEXT)
        assert not Document.objects.exists()

    def test_a_warning_goes_to_its_sender_and_its_hash_to_the_log(self, settings, caplog):
        settings.GRAPHQL_DOCUMENTS = "warn"
        secret = '{ node(id: "swordfish") { id } }'
        with caplog.at_level(logging.WARNING):
            body = asked(secret).body()
        assert body["data"] == {"node": None}
        assert body["extensions"]["warnings"] == (persisted.UNREGISTERED,)
        assert sha256_of(secret) in caplog.text
        assert "swordfish" not in caplog.text

    def test_a_registered_one_may_be_sent_whole(self, registered, settings):
        for mode in ("warn", "enforce"):
            settings.GRAPHQL_DOCUMENTS = mode
            assert known_document(TEXT, None) == persisted.Known(TEXT)

    def test_others_are_refused_where_only_registered_ones_run(self, registered, settings, monkeypatch):
        settings.GRAPHQL_DOCUMENTS = "enforce"
        monkeypatch.setattr(documents, "check", lambda *_: pytest.fail("it was looked at"))
        for sha256 in (None, OTHER):
            with pytest.raises((DocumentRequired, HashMismatch)):
                known_document("{ other }", sha256)


def test_a_document_that_is_withdrawn_is_forgotten_in_time(registered, monkeypatch, django_assert_num_queries):
    now = 1_000.0
    monkeypatch.setattr(persisted.time, "monotonic", lambda: now)
    with django_assert_num_queries(1):
        for _ in range(3):
            assert known_document("", HASH).text == TEXT
    registered.delete()
    now += persisted.REMEMBERED_SECONDS - 0.01
    assert known_document("", HASH).text == TEXT
    now += 0.01
    with pytest.raises(documents.Refused):
        known_document("", HASH)


def test_one_that_is_registered_is_known_at_once():
    with pytest.raises(documents.Refused):
        known_document("", HASH)
    register_document(TEXT, name="typename")
    assert known_document("", HASH).text == TEXT
