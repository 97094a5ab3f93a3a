"""What the pages ask is held against the printed schema, so that neither changes alone."""

import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "backend/web/static/web"
CONSTANT = re.compile(r"const (\w+) =\s+([`\"])(.*?)\2;", re.DOTALL)
OPERATION = re.compile(r"\s*(query|mutation|subscription) ")
SCHEMA = build_schema((ROOT / "schema/schema.graphql").read_text())


def texts(*scripts: Path) -> dict[str, str]:
    """The constants of scripts that are texts, with those before them filled in."""
    found: dict[str, str] = {}
    for name, _, text in CONSTANT.findall("\n".join(script.read_text() for script in scripts)):
        found[name] = re.sub(r"\$\{(\w+)\}", lambda hole: found[hole[1]], text)
    return found


PAGES = ("player", "recording", "live")
DOCUMENTS = {
    f"{page}.{name}": text
    for page in PAGES
    for name, text in texts(STATIC / "server/documents.js", STATIC / page / "documents.js").items()
    if OPERATION.match(text)
}


def test_all_documents_are_found() -> None:
    found = {page: sum(name.startswith(page) for name in DOCUMENTS) for page in PAGES}
    assert found == {"player": 10, "recording": 3, "live": 10}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_fits_the_schema(name: str) -> None:
    assert validate(SCHEMA, parse(DOCUMENTS[name])) == []
