"""The demo as it is loaded: what the walk offers, what the tones promise, and that loading twice changes nothing."""

import io
import json
import math
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.serializers import serialize
from django.db import transaction
from django.test import override_settings
from pytest import approx

from backend.accounts.models import User
from backend.assets.models import Asset, TimedAsset
from backend.config import demo
from backend.config.demo_description import read
from backend.config.environment import ROOT, Environment
from backend.config.management.commands import load_demo
from backend.decoding.decode import decode
from backend.projects.models import LocalizedString, Project
from backend.soundscape.models import Audiotrack, Speaker
from backend.tagging.models import Tag, UIGroup, UIItem

WALK, TONES = "A sound walk in Helsinki", "Tones"
STORED = (Project, LocalizedString, Speaker, Audiotrack, Asset, TimedAsset, Tag, UIGroup, UIItem)
SOUNDS = sorted((ROOT / "demo" / "sounds").iterdir())
RATE = 44_100


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def own_media(settings, media):
    settings.MEDIA_ROOT = media
    # Django's own is slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, media):
    """Both projects, once for all tests that only look at them."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        demo.load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def walk(loaded, db):
    return Project.objects.get(name=WALK)


@pytest.fixture
def tones(loaded, db):
    return Project.objects.get(name=TONES)


def everything():
    """All rows of the demo, as text."""
    return [serialize("json", model.objects.order_by("pk")) for model in STORED]


def sound(path):
    """The file as the engine will have it: float64, shape (frames, channels)."""
    pcm = io.BytesIO()
    channels = decode(path, pcm).channels
    return np.frombuffer(pcm.getvalue(), np.int16).reshape(-1, channels) / 32_768


def loudness_db(signal):
    return 10 * math.log10((signal**2).mean())


def strongest_hz(signal):
    spectrum = np.abs(np.fft.rfft(signal[:RATE, 0] * np.hanning(RATE)))
    return int(spectrum.argmax())


def heard(uri_or_name):
    return sound(Path(settings.MEDIA_ROOT) / Path(uri_or_name).name)


def test_the_walk_offers_what_a_project_can_have(walk):
    audio = walk.assets.filter(media_type="audio")
    assert walk.speakers.filter(is_active=True).count() >= 8
    assert audio.count() >= 20
    assert {language.code for language in walk.languages.all()} == {"en", "fi"}
    assert set(audio.values_list("language__code", flat=True)) == {"en", "fi", None}
    assert walk.audiotracks.count() == 2
    assert walk.auto_submit
    assert walk.timed_assets.count() >= 2


def test_the_walk_offers_three_categories_for_listening_and_speaking(walk):
    groups = walk.ui_groups.values_list("ui_mode", "category__name")
    assert sorted(groups) == [(mode, name) for mode in ("listen", "speak") for name in ("mood", "theme", "voice")]
    for group in walk.ui_groups.all():
        assert {text.language.code for text in group.header_texts.all()} == {"en", "fi"}
        assert {item.tag.category_id for item in group.items.filter(is_active=True)} == {group.category_id}
    for tag in walk.tags.all():
        assert {text.language.code for text in tag.message_texts.all()} == {"en", "fi"}


def test_every_text_of_the_walk_is_there_in_both_languages(walk):
    for name in ("description", "sharing_message", "out_of_range_message", "legal_agreement", "demo_stream_message"):
        texts = getattr(walk, f"{name}_texts").all()
        assert sorted(text.language.code for text in texts) == ["en", "fi"], name


def test_photos_and_texts_of_the_walk_say_what_they_show(walk):
    silent = walk.assets.exclude(media_type="audio")
    assert {asset.media_type for asset in silent} == {"photo", "text"}
    assert all(asset.alt_texts.exists() and asset.duration_seconds is None for asset in silent)


def test_every_clip_has_a_tag_of_each_category(walk):
    for asset in walk.assets.all():
        assert sorted(tag.category.name for tag in asset.tags.all()) == ["mood", "theme", "voice"], asset.filename


def test_the_zones_of_the_walk_are_valid_shapes_with_real_fades(walk):
    speakers = list(walk.speakers.all())
    assert [speaker.code for speaker in speakers if not speaker.shape.valid] == []
    fading = [speaker for speaker in speakers if speaker.attenuation_metres > 0 and speaker.attenuation_border]
    assert len(fading) == len(speakers)


def test_the_walk_has_zones_of_every_kind(walk):
    shapes = {speaker.code: speaker.shape for speaker in walk.speakers.all()}
    with_holes = {code for code, shape in shapes.items() if any(len(polygon) > 1 for polygon in shape)}
    in_parts = {code for code, shape in shapes.items() if len(shape) > 1}
    overlapping = [pair for pair in combinations(shapes, 2) if shapes[pair[0]].intersection(shapes[pair[1]]).area]
    assert with_holes == {"park"}
    assert in_parts == {"trams"}
    assert {("esplanade", "market"), ("park", "glasshouse")} <= set(overlapping)
    assert shapes["bay"].area < 0.9 * shapes["bay"].convex_hull.area


def test_the_media_folder_holds_every_file(loaded, db):
    for asset in Asset.objects.all():
        assert Path(settings.MEDIA_ROOT, asset.filename).is_file()
        assert asset.file.name == asset.filename
    for speaker in Speaker.objects.all():
        assert speaker.uri.startswith(settings.MEDIA_URL)
        assert Path(settings.MEDIA_ROOT, Path(speaker.uri).name).is_file()


def test_clips_know_how_long_they_are(walk):
    for asset in walk.assets.filter(media_type="audio")[::7]:
        seconds = len(heard(asset.filename)) / RATE
        assert asset.duration_seconds == approx(seconds, abs=0.05)
        assert (asset.start_seconds, asset.end_seconds) == (0, asset.duration_seconds)


def test_the_sounds_are_small_enough_to_be_kept_with_the_code():
    assert sum(path.stat().st_size for path in SOUNDS) <= 5_000_000


def test_every_sound_is_used():
    parts = [read(path) for path in demo.DESCRIPTIONS]
    used = {speaker.sound for part in parts for speaker in part.speakers}
    used |= {asset.file for part in parts for asset in part.assets if asset.media_type == "audio"}
    assert used == {path.name for path in SOUNDS}


@pytest.mark.parametrize("path", [path for path in SOUNDS if path.stem.startswith("bed-")], ids=lambda path: path.stem)
def test_a_bed_loops_without_a_click(path):
    bed = sound(path)
    around = np.concatenate([bed[-4:], bed[:4]])
    steps, bends = np.abs(np.diff(bed, axis=0)), np.abs(np.diff(bed, 2, axis=0))
    assert len(bed) == 12 * RATE
    assert np.abs(bed[0] - bed[-1]).max() <= np.percentile(steps, 99)
    assert np.abs(np.diff(around, 2, axis=0)).max() <= np.percentile(bends, 99.5)


@pytest.mark.parametrize("path", SOUNDS[::6], ids=lambda path: path.stem)
def test_sounds_are_about_equally_loud(path):
    if not path.stem.startswith("tone-"):
        assert -27 <= loudness_db(sound(path)) <= -19


def test_the_tones_are_what_their_names_say(tones):
    for speaker in tones.speakers.all():
        assert strongest_hz(heard(speaker.uri)) == int(speaker.code)
    for asset in tones.assets.all():
        assert strongest_hz(heard(asset.filename)) == int(asset.description)


def test_no_tone_is_near_a_multiple_of_another(tones):
    hertz = sorted(
        map(int, [*(one.code for one in tones.speakers.all()), *(a.description for a in tones.assets.all())])
    )
    assert len(hertz) == 10
    assert hertz[0] >= 200 and hertz[-1] <= 4_000
    for low, high in combinations(hertz, 2):
        assert all(abs(high / low / multiple - 1) > 0.03 for multiple in (1, 2, 3, 4)), (low, high)


def test_a_zone_is_twelve_decibels_louder_than_its_asset(tones):
    zones = [heard(speaker.uri) for speaker in tones.speakers.all()]
    assets = [heard(asset.filename) for asset in tones.assets.all()]
    assert [loudness_db(zone) for zone in zones] == approx([-15.01] * 5, abs=0.02)
    # Stereo: the pan leaves a stereo asset as loud as it is, and makes a mono one 3 dB softer.
    assert {asset.shape[1] for asset in assets} == {2}
    assert [loudness_db(asset) for asset in assets] == approx([-27.01] * 5, abs=0.1)


def test_a_sine_runs_on_over_its_seam(tones):
    for speaker in tones.speakers.all():
        loop = heard(speaker.uri)
        assert loop.shape == (RATE, 1)
        phase = 2 * np.pi * int(speaker.code) * np.arange(2 * RATE) / RATE
        planned = 10 ** (-12 / 20) * np.sin(phase)
        assert np.abs(np.tile(loop[:, 0], 2) - planned).max() <= 1 / 32_768


def test_the_zones_of_the_tones_are_convex_and_apart(tones):
    shapes = [speaker.shape for speaker in tones.speakers.all()]
    assert len(shapes) == 5
    for shape in shapes:
        assert shape.area == approx(shape.convex_hull.area, rel=1e-9)
    degrees_of_100_metres = 100 / 111_412
    assert all(one.distance(other) > degrees_of_100_metres for one, other in combinations(shapes, 2))


def test_each_tone_zone_holds_one_asset_in_its_middle(tones):
    assets = list(tones.assets.all())
    for speaker in tones.speakers.all():
        inside = [asset for asset in assets if speaker.shape.contains(asset.position)]
        assert len(inside) == 1
        assert inside[0].position.distance(speaker.shape.centroid) < 1e-5


def test_loading_twice_changes_nothing(db):
    demo.load()
    before, curators = everything(), User.objects.count()
    files = {path.name: path.stat().st_mtime_ns for path in Path(settings.MEDIA_ROOT).iterdir()}
    demo.load()
    assert everything() == before
    assert User.objects.count() == curators
    assert {path.name: path.stat().st_mtime_ns for path in Path(settings.MEDIA_ROOT).iterdir()} == files


def test_loading_again_leaves_what_people_have_edited(db):
    walk = demo.load()[0]
    walk.speakers.filter(code="bay").update(max_volume=0.9)
    walk.assets.filter(media_type="text").delete()
    before = everything()
    demo.load()
    assert everything() == before


def test_loading_again_brings_back_a_file_that_was_cut_short(db):
    demo.load()
    broken = Path(settings.MEDIA_ROOT, "demo-bed-bay.ogg")
    broken.write_bytes(b"OggS")
    demo.load()
    assert broken.read_bytes() == (ROOT / "demo" / "sounds" / "bed-bay.ogg").read_bytes()


def test_the_command_says_where_to_go_and_gives_a_new_password_each_time(db):
    said = [io.StringIO(), io.StringIO()]
    for out in said:
        call_command("load_demo", stdout=out)
    first, second = (out.getvalue().splitlines() for out in said)
    walk, tones = (Project.objects.get(name=name) for name in (WALK, TONES))
    assert first[:2] == [f"{WALK}: http://testserver/listen/{walk.pk}", f"{TONES}: http://testserver/listen/{tones.pk}"]
    assert first[:2] == second[:2]
    curator = User.objects.get(username="curator")
    assert curator.is_staff and curator.is_superuser
    old, new = (lines[2].removeprefix("Staff account: curator, password ") for lines in (first, second))
    assert not curator.check_password(old)
    assert curator.check_password(new)


def test_a_chosen_password_is_set_and_never_shown(db, monkeypatch):
    chosen = Environment(secret_key="x", earshot_demo_password="a walk by the sea")
    monkeypatch.setattr(load_demo, "environment", lambda: chosen)
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    call_command("load_demo", stdout=out)
    assert User.objects.get(username="curator").check_password("a walk by the sea")
    assert "a walk by the sea" not in out.getvalue()


def test_both_projects_belong_to_the_curator(walk, tones):
    for project in (walk, tones):
        assert [owner.username for owner in project.owners.all()] == ["curator"]
        assert project.sharing_url == f"http://testserver/listen/{project.pk}"


def test_the_base_map_is_small_whole_and_credited():
    text = (ROOT / "demo" / "basemap.geojson").read_text()
    drawn = json.loads(text)
    layers = [feature["properties"]["layer"] for feature in drawn["features"]]
    assert len(text.encode()) < 500_000
    assert drawn["attribution"] == "© OpenStreetMap contributors (ODbL)"
    assert list(dict.fromkeys(layers)) == ["sea", "water", "park", "square", "pier", "building", "road", "rail"]
    west, south, east, north = drawn["bbox"]
    for longitude, latitude in points(drawn["features"]):
        assert west - 1e-5 <= longitude <= east + 1e-5
        assert south - 1e-5 <= latitude <= north + 1e-5


def points(features):
    """Every point of every feature."""
    nested = [feature["geometry"]["coordinates"] for feature in features]
    while nested:
        one = nested.pop()
        if isinstance(one[0], float):
            yield one
        else:
            nested.extend(one)


def test_rings_of_the_zones_are_closed():
    for path in demo.DESCRIPTIONS:
        for speaker in read(path).speakers:
            for ring in (ring for polygon in speaker.shape for ring in polygon):
                assert ring[0] == ring[-1]
                assert all(a != b for a, b in pairwise(ring))
