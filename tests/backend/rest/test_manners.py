"""What holds at every address: formats, errors, CORS, both slash forms."""

from typing import Any

import pytest
from django.test import Client

from tests.backend.rest.conftest import Caller
from tests.backend.rest.rulings import ruling
from tests.cast import Walk

PATHS = [
    "sessions", "projects", "tags", "speakers", "audiotracks", "assets",
    "projects/{project}/tags", "projects/{project}/assets", "projects/{project}/uiconfig",
    "tags/{tag}", "speakers/{speaker}", "audiotracks/{audiotrack}", "assets/{asset}",
]  # fmt: skip


@ruling("Slash at the end")
@pytest.mark.parametrize("path", PATHS)
def test_both_slash_forms_give_the_same_json(api: Caller, walk: Walk, path: str) -> None:
    ids = {name: getattr(walk, name).pk for name in ("project", "speaker", "audiotrack", "asset")}
    path = path.format(**ids, tag=walk.tags[0].pk)
    plain, slashed = api.get(path), api.get(path + "/")
    assert plain.status_code == slashed.status_code == 200
    assert plain.headers["Content-Type"] == "application/json"
    assert plain.json() == slashed.json()


@ruling("Shape of an error")
@pytest.mark.parametrize("path", ["nothing/", "assets/abc/", "assets/1234567890123456789/", "streams/1/dance/"])
@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_where_nothing_stands_the_answer_is_json(path: str, method: str) -> None:
    # As a browser's page would: with the check for forged requests on.
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"/api/2/{path}")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_a_method_that_is_not_offered_is_refused_in_json(api: Caller) -> None:
    answer = api.patch("speakers/", {})
    assert (answer.status_code, list(answer.json())) == (405, ["detail"])


BROKEN = ['{"a"', "[1]", '"text"', "NaN", '{"latitude": NaN}', '{"a": "\\ud800"}', "[" * 100_000, b"\xff\xfe", "null"]


@pytest.mark.parametrize("body", BROKEN)
def test_a_body_that_is_no_json_object_is_refused(api: Caller, body: Any) -> None:
    answer = api.http.post("/api/2/sessions/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("JSON parse error")


def test_a_format_that_is_not_read_is_refused(api: Caller) -> None:
    answer = api.http.post("/api/2/sessions/", "<xml/>", content_type="application/xml")
    assert (answer.status_code, list(answer.json())) == (415, ["detail"])


def test_a_form_of_too_many_fields_is_refused(api: Caller, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    body = "&".join(f"field{number}=1" for number in range(20))
    answer = api.http.post("/api/2/sessions/", body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, list(answer.json())) == (400, ["detail"])


def test_a_multipart_body_without_a_boundary_is_refused(api: Caller) -> None:
    answer = api.http.post("/api/2/sessions/", b"x", content_type="multipart/form-data")
    assert (answer.status_code, list(answer.json())) == (400, ["detail"])


@ruling("Shape of an error")
def test_a_bug_is_told_in_json(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.rest.derive.views.present", lambda *_: 1 / 0)
    api.http.raise_request_exception = False
    answer = api.get("speakers/")
    assert (answer.status_code, answer.json()) == (500, {"detail": "Server error."})


@pytest.fixture
def open_to_all(settings: Any) -> None:
    settings.CORS_ALLOW_ALL_ORIGINS = True


PREFLIGHT = {
    "Origin": "https://app.example",
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization,content-type",
}


@ruling("CORS", "Options")
@pytest.mark.parametrize("path", ["streams/1", "streams/1/", "users/", "listenevents/3", "nothing"])
def test_a_preflight_needs_no_token_and_no_redirect(db: None, open_to_all: None, path: str) -> None:
    answer = Client().options(f"/api/2/{path}", headers=PREFLIGHT)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"authorization", "content-type"} <= set(answer.headers["Access-Control-Allow-Headers"].split(", "))
    assert {"PATCH", "DELETE"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))


@ruling("CORS")
@pytest.mark.parametrize(("path", "status"), [("projects", 401), ("nothing", 404), ("streams/1/kill", 401)])
def test_pages_of_other_hosts_may_read_errors(db: None, open_to_all: None, path: str, status: int) -> None:
    answer = Client().get(f"/api/2/{path}", headers={"Origin": "https://app.example"})
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@ruling("Options")
def test_the_options_of_an_address_need_no_token(nobody: Caller) -> None:
    assert nobody.http.options("/api/2/streams").status_code == 200
