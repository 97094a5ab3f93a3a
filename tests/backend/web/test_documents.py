"""What the pages ask is held against the printed schema, so that neither changes alone."""

import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "backend/web/static/web"
SCHEMA = build_schema((ROOT / "schema/schema.graphql").read_text())


def texts(script: Path) -> dict[str, str]:
    """The constants of a script that are texts, with those before them filled in."""
    found: dict[str, str] = {}
    for name, _, text in re.findall(r"const (\w+) =\s+([`\"])(.*?)\2;", script.read_text(), re.DOTALL):
        found[name] = re.sub(r"\$\{(\w+)\}", lambda hole: found[hole[1]], text)
    return found


DOCUMENTS = {name: text for name, text in texts(STATIC / "player/documents.js").items() if "(" in text}
DOCUMENTS["GRAPHIQL"] = texts(STATIC / "graphiql/main.js")["QUERY"]


def test_all_documents_are_found() -> None:
    assert len(DOCUMENTS) == 11


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_fits_the_schema(name: str) -> None:
    assert validate(SCHEMA, parse(DOCUMENTS[name])) == []
