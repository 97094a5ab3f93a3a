"""A folder of documents is registered as a whole or not at all."""

import io

import pytest
from django.core.management import CommandError, call_command

from backend.documents.actions import sha256_of
from backend.documents.models import Document
from schema.context import Context
from schema.execution import Operation, execute

pytestmark = pytest.mark.django_db

PLACES = "query Places { projects { nodes { id } } }\n"
NAME = "query Name { __typename }"


def register(directory):
    printed = io.StringIO()
    call_command("register_documents", str(directory), stdout=printed)
    return printed.getvalue().splitlines()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "places.graphql").write_text(PLACES)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "name.graphql").write_text(NAME)
    (tmp_path / "readme.md").write_text("{")
    return tmp_path


def test_every_document_is_registered_with_its_hash_and_name(folder):
    expected = [f"sha256:{sha256_of(NAME)} deep/name.graphql", f"sha256:{sha256_of(PLACES)} places.graphql"]
    assert register(folder) == expected
    assert register(folder) == expected
    assert list(Document.objects.values_list("name", "text")) == [
        ("deep/name.graphql", NAME),
        ("places.graphql", PLACES),
    ]
    answer = execute(Operation(sha256=sha256_of(NAME)), Context())
    assert answer.data == {"__typename": "Query"}


@pytest.mark.parametrize(
    "text", ["{", "{ nothing }", "{ projects { nodes { id } ...F } }", "{ __typename }" + " " * 60_000]
)
def test_one_that_would_be_refused_keeps_all_out(folder, text):
    (folder / "wrong.graphql").write_text(text)
    with pytest.raises(CommandError, match=r"wrong\.graphql"):
        register(folder)
    assert not Document.objects.exists()


def test_a_folder_must_be_one(tmp_path):
    with pytest.raises(CommandError, match="no folder"):
        register(tmp_path / "missing")
    assert register(tmp_path) == []
