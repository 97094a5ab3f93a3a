"""Addresses of media, and who may have what lies behind them."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection

from backend.assets.media import assets_with_files, is_made_here, may_fetch, media_url, mime_type, siblings
from tests.cast import make_asset, make_speaker

NOW = 1_800_000_000.0
HOUR = 3_600
STEM = "0123456789abcdef" * 2
NAME = f"{STEM}.wav"


def link_of(name=NAME, now=NOW):
    """The parameters of a signed address."""
    return dict(parse_qsl(urlsplit(media_url(name, is_public=False, now=now)).query))


def test_a_public_file_has_a_plain_address():
    assert media_url("ääni 1.mp3", is_public=True) == "http://testserver/rwmedia/%C3%A4%C3%A4ni%201.mp3"


def test_the_address_of_a_file_that_is_not_public_is_signed_and_ends():
    address = urlsplit(media_url(NAME, is_public=False, now=NOW))
    assert (address.path, list(link_of())) == (f"/rwmedia/{NAME}", ["expires", "signature"])
    expires = int(link_of()["expires"])
    assert HOUR <= expires - NOW <= HOUR * 5 / 4


def test_a_signed_address_stays_the_same_for_a_quarter_of_its_life():
    assert len({media_url(NAME, is_public=False, now=NOW + second) for second in range(0, HOUR // 4)}) <= 2
    assert media_url(NAME, is_public=False, now=NOW) != media_url(NAME, is_public=False, now=NOW + HOUR // 4)


def test_how_long_a_signed_address_is_good_for_is_a_setting(settings):
    settings.MEDIA_LINK_SECONDS = 60
    assert 60 <= int(link_of()["expires"]) - NOW <= 75


def test_a_signed_address_opens_its_file_until_it_ends(walk):
    make_asset(walk.project, filename=NAME, submitted=False)
    expires = int(link_of()["expires"])
    assert may_fetch(NAME, link_of(), now=expires - 1)
    assert not may_fetch(NAME, link_of(), now=expires)


@pytest.mark.parametrize("suffix", [".mp3", ".m4a"])
def test_a_signed_address_opens_the_other_forms_of_the_recording(walk, suffix):
    make_asset(walk.project, filename=NAME, submitted=False)
    assert may_fetch(STEM + suffix, link_of(), now=NOW)
    assert not may_fetch(STEM + suffix, {}, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": ""},
        {"signature": "x" * 43},
        {"signature": "ä"},
        {"expires": "1900000000"},
        {"expires": "9" * 400},
        {"expires": "-1"},
        {"expires": "²"},
        {"expires": ""},
    ],
)
def test_a_wrong_signature_opens_nothing(walk, wrong):
    make_asset(walk.project, filename=NAME, submitted=False)
    assert not may_fetch(NAME, link_of() | wrong, now=NOW)


def test_a_signature_is_of_one_recording_and_of_this_site(walk, settings):
    other = f"{'f' * 32}.wav"
    for name in (NAME, other):
        make_asset(walk.project, filename=name, submitted=False)
    assert not may_fetch(other, link_of(NAME), now=NOW)
    stolen = link_of()
    settings.SECRET_KEY = "another"
    assert not may_fetch(NAME, stolen, now=NOW)


def test_what_is_submitted_is_public_in_every_form_and_at_once(walk, django_assert_num_queries):
    asset = make_asset(walk.project, filename=NAME, file=f"{'a' * 32}.ogg", submitted=False)
    names = (NAME, f"{STEM}.mp3", f"{STEM}.m4a", asset.file.name)
    assert not any(may_fetch(name, {}) for name in names)
    asset.submitted = True
    asset.save()
    with django_assert_num_queries(len(names)):
        assert all(may_fetch(name, {}) for name in names)
    asset.submitted = False
    asset.save()
    assert not any(may_fetch(name, {}) for name in names)


def test_captions_are_as_public_as_their_asset(walk):
    asset = make_asset(walk.project, filename=NAME, caption_file="words.txt", submitted=False)
    assert not may_fetch("words.txt", {})
    asset.submitted = True
    asset.save()
    assert may_fetch("words.txt", {})


def test_a_file_that_two_assets_name_is_public_when_one_is(walk):
    make_asset(walk.project, filename=NAME, submitted=False)
    make_asset(walk.project, filename=NAME)
    assert may_fetch(NAME, {})


@pytest.mark.parametrize("uri", [f"/rwmedia/{NAME}", f"http://elsewhere/rwmedia/{STEM}.mp3", f"/rwmedia/{NAME}?v=1"])
def test_a_speakers_sound_is_public_in_every_form(walk, uri):
    make_speaker(walk.project, backup_uri=uri)
    assert may_fetch(NAME, {}) and may_fetch(f"{STEM}.m4a", {})


@pytest.mark.parametrize("field", ["out_of_range_url", "demo_stream_url"])
def test_so_is_a_projects(walk, field):
    setattr(walk.project, field, f"/rwmedia/{NAME}")
    walk.project.save()
    assert may_fetch(NAME, {}) and may_fetch(f"{STEM}.m4a", {})


def test_a_recording_is_not_made_public_by_a_speaker_that_names_it(walk):
    make_asset(walk.project, filename=NAME, submitted=False)
    make_speaker(walk.project, uri=f"/rwmedia/{NAME}")
    assert not may_fetch(NAME, {})


def test_what_no_asset_names_is_public_unless_it_is_an_upload_on_its_way(db):
    assert may_fetch("demo-bed-bay.ogg", {})
    assert may_fetch("sounds/bell.mp3", {})
    assert not may_fetch(NAME, {})


def test_an_asset_with_a_name_of_its_own_is_withdrawn_too(walk):
    make_asset(walk.project, filename="demo-tram.ogg", submitted=False)
    assert not may_fetch("demo-tram.ogg", {})
    assert may_fetch("demo-tram.ogg", link_of("demo-tram.ogg"), now=NOW)


def test_whose_file_it_is_is_found_by_indexes(db):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Which it would not use for a table this small.
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = assets_with_files(siblings(NAME)).order_by().values_list("submitted").explain()
    assert "SCAN" not in plan and "Seq Scan" not in plan, plan


def test_random_names_are_known_as_ours():
    assert is_made_here(NAME) and is_made_here(f"{STEM}.m4a")
    for name in ("demo-bed.ogg", STEM[1:] + ".wav", f"{STEM}\n.wav", f"sounds/{NAME}", STEM.upper() + ".wav"):
        assert not is_made_here(name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.m4a", "audio/mp4"),
        ("a.WAV", "audio/wav"),
        ("a.caf", "audio/x-caf"),
        ("a.webm", "audio/webm"),
        ("a.gif", "image/gif"),
        ("a.unheard", None),
        ("a", None),
    ],
)
def test_types_are_those_that_browsers_know(name, kind):
    assert mime_type(name) == kind
