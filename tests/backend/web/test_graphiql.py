"""GraphiQL's examples fit the schema, and are there to choose from."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate
from playwright.sync_api import Page, expect

from tests.backend.web.pages import until

ROOT = Path(__file__).parents[3]
GRAPHIQL = ROOT / "backend/web/static/web/graphiql"
EXAMPLES = sorted((GRAPHIQL / "examples").glob("*.graphql"))
SCHEMA = build_schema((ROOT / "schema/schema.graphql").read_text())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_fits_the_schema_and_has_its_variables(path: Path) -> None:
    document = parse(path.read_text())
    assert validate(SCHEMA, document) == []
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    declared = {each.variable.name.value for made in operations for each in made.variable_definitions or ()}
    assert json.loads(path.with_suffix(".json").read_text()).keys() == declared


def test_all_examples_are_offered_with_a_title() -> None:
    (names,) = re.findall(r"const NAMES = (\[.*\]);", (GRAPHIQL / "examples.js").read_text())
    assert sorted(json.loads(names)) == [path.stem for path in EXAMPLES]
    assert [path.stem for path in EXAMPLES if not path.read_text().startswith("# ")] == []
    assert len(EXAMPLES) == 5


@pytest.mark.browser
def test_they_are_the_tabs_of_a_first_visit(open_page: Callable[..., Page]) -> None:
    page = open_page("/graphql/")
    expect(page.locator(".graphiql-tab-button")).to_have_text(["Places", "Page", "Envelope", "LogIn", "Follow"])
    expect(page.locator(".graphiql-query-editor")).to_contain_text("Visit a place and hear its stream")


@pytest.mark.browser
def test_one_that_was_closed_can_be_chosen_again(open_page: Callable[..., Page]) -> None:
    page = open_page("/graphql/")
    page.get_by_role("button", name="Close Tab").click()
    expect(page.locator(".graphiql-tab-button")).to_have_text(["Page", "Envelope", "LogIn", "Follow"])
    # GraphiQL remembers its tabs half a second later.
    until(page, "() => JSON.parse(localStorage['graphiql:tabState'] || '{}').tabs?.length === 4")
    page.get_by_role("button", name="Show Examples").click()
    page.get_by_role("link", name="Visit a place").click()
    expect(page.locator(".graphiql-tab-button")).to_have_text(["Page", "Envelope", "LogIn", "Follow", "Places"])
    expect(page.locator(".graphiql-query-editor")).to_contain_text("Visit a place and hear its stream")


@pytest.mark.browser
def test_the_tabs_are_the_same_when_the_page_is_opened_again(open_page: Callable[..., Page]) -> None:
    page = open_page("/graphql/")
    page.locator(".graphiql-query-editor .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("query Mine { __typename }")
    titles = ["Mine", "Page", "Envelope", "LogIn", "Follow"]
    expect(page.locator(".graphiql-tab-button")).to_have_text(titles)
    until(page, "() => JSON.parse(localStorage['graphiql:tabState'] || '{}').tabs?.[0].title === 'Mine'")
    page.reload()
    expect(page.locator(".graphiql-query-editor")).to_contain_text("query Mine")
    expect(page.locator(".graphiql-tab-button")).to_have_text(titles)
