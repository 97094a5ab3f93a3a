"""The API document: every address is in it, as it is."""

import re
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from backend.rest.urls import urlpatterns

PREFIX = "/api/2/"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    GENERATOR_STATS.reset()
    made = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, GENERATOR_STATS.emit_summary()
    return made


def operation(document: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    return document["paths"][PREFIX + path][method]


def test_every_address_is_in_it(document: dict[str, Any]) -> None:
    addresses = {str(pattern.pattern).strip("^$").removesuffix("/?") for pattern in urlpatterns[:-1]}
    named = {re.sub(r"\(\?P<pk>.*?\}\)", "{id}", address) for address in addresses}
    assert {path.removeprefix(PREFIX).strip("/") for path in document["paths"]} == named
    assert len(named) >= 80


def test_a_list_is_a_bare_array_of_what_it_shows(document: dict[str, Any]) -> None:
    answer = operation(document, "get", "tags/")["responses"]["200"]["content"]["application/json"]["schema"]
    assert (answer["type"], answer["items"]) == ("array", {"$ref": "#/components/schemas/Tag"})
    shown = document["components"]["schemas"]["Tag"]["properties"]
    assert {"tag_category_id", "msg_loc", "relationships"} <= set(shown)
    assert shown["relationships"]["items"] == {"$ref": "#/components/schemas/TagRelationship"}


def test_what_may_be_sent_is_named_as_old_clients_name_it(document: dict[str, Any]) -> None:
    content = operation(document, "post", "uigroups/")["requestBody"]["content"]
    assert set(content) == {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"}
    body = document["components"]["schemas"]["UIGroupBody"]
    assert body["properties"]["ui_mode"] == {"$ref": "#/components/schemas/UiModeEnum"}
    assert set(body["required"]) == {"project_id", "name", "tag_category_id", "index"}


def test_filters_are_parameters(document: dict[str, Any]) -> None:
    named = {
        parameter["name"]: parameter["schema"]["type"]
        for parameter in operation(document, "get", "assets/")["parameters"]
    }
    assert named["submitted"] == "boolean"
    assert named["created__gte"] == "string"
    assert named["audiolength__lte"] == "number"
    assert {"tag_ids", "project_id", "paginate", "ordering", "text_filter", "tag_ids_or"} <= set(named)


def test_only_what_is_allowed_is_in_it(document: dict[str, Any]) -> None:
    assert set(document["paths"][f"{PREFIX}sessions/{{id}}/"]) == {"get", "patch"}
    assert set(document["paths"][f"{PREFIX}tags/{{id}}/"]) == {"get", "patch", "delete"}
    assert set(document["paths"][f"{PREFIX}tags/count/"]) == {"get"}


def test_its_page_is_served_from_here_alone(db: None) -> None:
    page = Client().get("/docs/")
    text = page.content.decode()
    sources = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert (page.status_code, len(sources)) == (200, 5)
    assert all(source.startswith(("/static/", "/docs/")) for source in sources)
    assert "default-src 'self'" in page["Content-Security-Policy"]
    script = Client().get("/docs/?script=")
    assert '"/docs/openapi.json"' in script.content.decode()
