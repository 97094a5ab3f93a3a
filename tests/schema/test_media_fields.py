"""What an asset's file looks like in an answer."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from backend.assets.media import may_fetch
from schema.ids import global_id
from tests.cast import make_asset
from tests.schema.asking import data

STEM = "a" * 32
FILE = "query ($id: ID!) { asset(id: $id) { file { url mimeType bytes } } }"
FORMS = """query ($id: ID!) { asset(id: $id) {
  file { url } mp3: file(format: MP3) { url mimeType bytes } m4a: file(format: M4A) { url }
} }"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def file_of(asset, viewer, query=FILE):
    return data(query, viewer, id=global_id("Asset", asset.pk))["asset"]


def test_a_file_has_an_address_a_type_and_a_length(walk, cast, media):
    asset = make_asset(walk.project, filename=f"{STEM}.wav")
    (media / f"{STEM}.wav").write_bytes(b"1234567")
    assert file_of(asset, cast.stranger)["file"] == {
        "url": f"http://testserver/rwmedia/{STEM}.wav", "mimeType": "audio/wav", "bytes": 7,
    }  # fmt: skip


def test_a_file_that_is_missing_has_no_length_and_an_asset_without_one_no_file(walk, cast):
    assert file_of(make_asset(walk.project, filename="gone.ogg"), cast.stranger)["file"]["bytes"] is None
    assert file_of(make_asset(walk.project, filename=""), cast.stranger)["file"] is None


@pytest.mark.parametrize("name", ["owner", "contributor", "curator"])
def test_whoever_sees_what_is_not_public_gets_an_address_that_opens_it(walk, cast, name):
    asset = make_asset(walk.project, filename=f"{STEM}.wav", user=cast.contributor, submitted=False)
    url = urlsplit(file_of(asset, getattr(cast, name))["file"]["url"])
    assert may_fetch(url.path.removeprefix("/rwmedia/"), dict(parse_qsl(url.query)))
    assert not may_fetch(f"{STEM}.wav", {})


def test_a_stranger_gets_no_row_and_so_no_address(walk, cast):
    asset = make_asset(walk.project, filename=f"{STEM}.wav", user=cast.contributor, submitted=False)
    assert file_of(asset, cast.stranger) is None


def test_a_recording_is_asked_for_in_the_form_that_a_client_plays(walk, cast, media):
    asset = make_asset(walk.project, filename=f"{STEM}.wav", user=cast.contributor, submitted=False)
    (media / f"{STEM}.mp3").write_bytes(b"123")
    forms = file_of(asset, cast.contributor, FORMS)
    url = urlsplit(forms["mp3"]["url"])
    assert (url.path, forms["mp3"]["mimeType"], forms["mp3"]["bytes"]) == (f"/rwmedia/{STEM}.mp3", "audio/mpeg", 3)
    assert may_fetch(f"{STEM}.mp3", dict(parse_qsl(url.query)))
    assert (urlsplit(forms["file"]["url"]).path, forms["m4a"]) == (f"/rwmedia/{STEM}.wav", None)


def test_a_page_of_files_is_one_statement(walk, cast, django_assert_num_queries):
    for _ in range(5):
        make_asset(walk.project)
    with django_assert_num_queries(1):
        found = data("{ assets { nodes { file { url mimeType bytes } } } }")
    assert len(found["assets"]["nodes"]) == 6
