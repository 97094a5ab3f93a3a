"""What players rely on when they fetch media: ranges, HEAD, CORS; and that uploads cannot act as pages."""

from pathlib import Path

import httpx
import pytest

from backend.web.media import media_app


@pytest.fixture
def client(tmp_path: Path) -> httpx.AsyncClient:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "bell.mp3").write_bytes(b"0123456789")
    (tmp_path / "media" / "story.html").write_text("<script>alert(1)</script>")
    (tmp_path / "secret").write_text("not media")
    transport = httpx.ASGITransport(media_app(tmp_path / "media", url="/rwmedia/"))
    return httpx.AsyncClient(transport=transport, base_url="http://testserver")


async def test_a_file_is_served_with_its_type_to_every_origin(client: httpx.AsyncClient) -> None:
    answer = await client.get("/rwmedia/bell.mp3")
    assert (answer.status_code, answer.content) == (200, b"0123456789")
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_player_may_ask_for_a_range(client: httpx.AsyncClient) -> None:
    answer = await client.get("/rwmedia/bell.mp3", headers={"Range": "bytes=2-5"})
    assert (answer.status_code, answer.content) == (206, b"2345")
    assert answer.headers["content-range"] == "bytes 2-5/10"
    assert "Content-Range" in answer.headers["access-control-expose-headers"]


async def test_a_range_past_the_end_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/rwmedia/bell.mp3", headers={"Range": "bytes=10-"})
    assert answer.status_code == 416
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_head_tells_the_length_without_a_body(client: httpx.AsyncClient) -> None:
    answer = await client.head("/rwmedia/bell.mp3")
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "10")
    assert answer.headers["accept-ranges"] == "bytes"


async def test_a_preflight_is_answered_without_a_redirect(client: httpx.AsyncClient) -> None:
    headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    answer = await client.options("/rwmedia/bell.mp3", headers=headers)
    assert answer.status_code == 204
    assert "Range" in answer.headers["access-control-allow-headers"]


async def test_an_uploaded_page_cannot_run(client: httpx.AsyncClient) -> None:
    answer = await client.get("/rwmedia/story.html")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("path", ["/rwmedia/none.mp3", "/rwmedia/", "/rwmedia/%2e%2e/secret", "/rwmedia/..%2fsecret"])
async def test_what_is_not_media_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_media_cannot_be_written(client: httpx.AsyncClient, tmp_path: Path) -> None:
    answer = await client.put("/rwmedia/bell.mp3", content=b"other")
    assert answer.status_code == 405
    assert (tmp_path / "media" / "bell.mp3").read_bytes() == b"0123456789"


async def test_a_folder_that_is_not_there_yet_holds_no_files(tmp_path: Path) -> None:
    transport = httpx.ASGITransport(media_app(tmp_path / "later", url="/rwmedia/"))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        assert (await client.get("/rwmedia/bell.mp3")).status_code == 404
