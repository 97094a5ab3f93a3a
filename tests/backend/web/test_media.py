"""What players rely on when they fetch media: ranges, HEAD, CORS; and that uploads cannot act as pages."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import httpx
import pytest

from backend.assets.media import may_fetch, media_url
from backend.assets.models import Asset
from backend.database import TookTooLong, threads
from backend.web.media import MayFetch, media_app
from tests.backend.rest.rulings import ruling
from tests.cast import make_asset


def everything(name: str, link: Mapping[str, str]) -> bool:
    return True


def client_of(folder: Path, allows: MayFetch = everything) -> httpx.AsyncClient:
    app = media_app(folder, url="/rwmedia/", allows=allows)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    (folder / ".incoming" / "one").mkdir(parents=True)
    (folder / "bell.mp3").write_bytes(b"0123456789")
    (folder / "story.html").write_text("<script>alert(1)</script>")
    (folder / ".incoming" / "one" / "a.wav").write_bytes(b"...")
    (folder / ".hidden").write_bytes(b"...")
    (tmp_path / "secret").write_text("not media")
    return folder


@pytest.fixture
def client(folder: Path) -> httpx.AsyncClient:
    return client_of(folder)


async def test_a_file_is_served_with_its_type_to_every_origin(client: httpx.AsyncClient) -> None:
    answer = await client.get("/rwmedia/bell.mp3")
    assert (answer.status_code, answer.content) == (200, b"0123456789")
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"


@ruling("Media: ranges and CORS")
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


@pytest.mark.parametrize(
    "path",
    [
        "/rwmedia/none.mp3",
        "/rwmedia/",
        "/rwmedia/%2e%2e/secret",
        "/rwmedia/..%2fsecret",
        "/rwmedia/.incoming/one/a.wav",
        "/rwmedia/%2eincoming/one/a.wav",
        "/rwmedia/x/../.incoming/one/a.wav",
        "/rwmedia/.hidden",
        "/rwmedia/bell.mp3%00",
        "/rwmedia/" + "x" * 5_000,
    ],
)
async def test_what_is_not_media_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_media_cannot_be_written(client: httpx.AsyncClient, tmp_path: Path) -> None:
    answer = await client.put("/rwmedia/bell.mp3", content=b"other")
    assert answer.status_code == 405
    assert (tmp_path / "media" / "bell.mp3").read_bytes() == b"0123456789"


async def test_a_folder_that_is_not_there_yet_holds_no_files(tmp_path: Path) -> None:
    assert (await client_of(tmp_path / "later").get("/rwmedia/bell.mp3")).status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_what_may_not_be_fetched_is_as_absent(folder: Path, method: str) -> None:
    """Not a word differs, nor a header."""
    client = client_of(folder, allows=lambda name, link: link.get("signature") == "right")
    kept, absent = [await client.request(method, f"/rwmedia/{name}.mp3?signature=wrong") for name in ("bell", "none")]
    assert (kept.status_code, kept.content) == (404, absent.content)
    assert dict(kept.headers) == dict(absent.headers)
    shown = await client.request(method, "/rwmedia/bell.mp3?signature=right", headers={"Range": "bytes=2-5"})
    assert (shown.status_code, shown.headers["content-range"]) == (206, "bytes 2-5/10")


async def test_only_files_that_are_there_are_asked_about_and_each_time_anew(folder: Path) -> None:
    asked: list[tuple[str, dict[str, str]]] = []
    client = client_of(folder, allows=lambda name, link: asked.append((name, dict(link))) is None)
    for path in ("bell.mp3", "none.mp3", ".hidden", "bell.mp3?expires=1&expires=2"):
        await client.get(f"/rwmedia/{path}")
    assert asked == [("bell.mp3", {}), ("bell.mp3", {"expires": "2"})]


async def test_a_browser_that_kept_a_copy_asks_whether_it_may_still_be_shown(folder: Path) -> None:
    allowed = [True, True, False]
    client = client_of(folder, allows=lambda name, link: allowed.pop(0))
    first = await client.get("/rwmedia/bell.mp3")
    assert first.headers["cache-control"] == "no-cache"
    again = [await client.get("/rwmedia/bell.mp3", headers={"If-None-Match": first.headers["etag"]}) for _ in "12"]
    assert [answer.status_code for answer in again] == [304, 404]


async def test_a_database_that_is_too_slow_is_said_to_be(folder: Path) -> None:
    def never(name: str, link: Mapping[str, str]) -> bool:
        raise TookTooLong("…")

    answer = await client_of(folder, allows=never).get("/rwmedia/bell.mp3")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


@pytest.mark.django_db(transaction=True)
async def test_an_asset_is_gone_from_everybody_the_moment_it_is_withdrawn(folder: Path) -> None:
    """With the real rule and the real database, in its threads."""
    asset = await threads.run(partial(make_asset, None, filename="bell.wav"))
    client = client_of(folder, allows=may_fetch)
    assert (await client.get("/rwmedia/bell.mp3")).status_code == 200
    await threads.run(partial(Asset.objects.filter(pk=asset.pk).update, submitted=False))
    assert (await client.get("/rwmedia/bell.mp3")).status_code == 404
    signed = media_url("bell.wav", is_public=False).replace(".wav", ".mp3")
    assert (await client.get(signed)).status_code == 200


@pytest.mark.parametrize(("name", "kind"), [("a.m4a", "audio/mp4"), ("a.caf", "audio/x-caf"), ("a.unheard", None)])
async def test_a_file_has_the_type_that_players_know(folder: Path, name: str, kind: str | None) -> None:
    (folder / name).write_bytes(b"...")
    answer = await client_of(folder).get(f"/rwmedia/{name}")
    assert answer.headers["content-type"] == (kind or "application/octet-stream")
