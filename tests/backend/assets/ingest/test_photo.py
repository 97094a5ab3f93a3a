import io

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from backend.assets.ingest.errors import ImageTooLarge
from backend.errors import DomainError
from bench.hostile import png
from tests.backend.assets.ingest.listening import ingested

RED, BLUE = (220, 20, 20), (20, 20, 220)


def picture(size=(64, 32), *, mode="RGB"):
    """Its left half is red, its right half blue."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image.convert(mode)


def save(image, path, **options):
    image.save(path, **options)
    return path


def made_of(path, into, **limits):
    """The name, and the picture as it was stored."""
    made = ingested(path, into, kind="photo", **limits)
    assert made.files == (made.playable,) == (made.original,)
    assert [each.name for each in into.iterdir()] == [made.playable]
    image = Image.open(into / made.playable)
    image.load()
    return made, image


def assert_shows(image, expected, *, at):
    np.testing.assert_allclose(image.convert("RGB").getpixel(at), expected, atol=30)


def with_everything(image, path, **options):
    """Where and how it was taken, in each way that the format has."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "secret camera"
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (60.0, 10.0, 11.6)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return save(image, path, exif=exif, icc_profile=profile, xmp=b"<x:xmpmeta secret/>", **options)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_each_kind_of_picture_shows_what_it_showed(tmp_path, format):
    made, image = made_of(save(picture(), tmp_path / "a", format=format), tmp_path / "into")
    assert (made.mime_type, image.format, image.size) == ("image/jpeg", "JPEG", (64, 32))
    assert made.playable.endswith(".jpg")
    assert_shows(image, RED, at=(8, 16))
    assert_shows(image, BLUE, at=(56, 16))
    assert (made.duration_seconds, made.loudness_gain_db, made.waveform, made.text) == (None, None, None, None)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "I;16", "F"])
def test_each_kind_of_colour_is_understood(tmp_path, mode):
    image = Image.new(mode, (40, 30))
    format = {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "PNG")
    if mode == "F":
        image, format = image.convert("L"), "WEBP"
    _, stored = made_of(save(image, tmp_path / "a", format=format), tmp_path / "into")
    assert (stored.mode, stored.size) == ("RGB", (40, 30))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_where_and_how_it_was_taken_is_kept_and_it_stands_upright(tmp_path, format):
    options = {"comment": b"secret comment"} if format == "JPEG" else {}
    path = with_everything(picture(), tmp_path / "a", format=format, **options)
    assert b"secret" in path.read_bytes()
    made, image = made_of(path, tmp_path / "into")
    content = (tmp_path / "into" / made.playable).read_bytes()
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    for trace in (b"secret", b"Exif", b"ICC_PROFILE", b"xmp"):
        assert trace not in content
    # Orientation 6: the camera was turned; its left is up.
    assert image.size == (32, 64)
    assert_shows(image, RED, at=(16, 8))
    assert_shows(image, BLUE, at=(16, 56))


def test_what_can_be_seen_through_stays_so_and_its_texts_go(tmp_path):
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Location", "secret", zip=False)
    image = picture(mode="RGBA")
    image.putpixel((1, 1), (0, 0, 0, 0))
    made, stored = made_of(save(image, tmp_path / "a", format="PNG", pnginfo=texts), tmp_path / "into")
    assert (made.mime_type, stored.format, stored.mode) == ("image/png", "PNG", "RGBA")
    assert stored.getpixel((1, 1))[3] == 0
    assert stored.info == {}


def test_of_what_moves_the_first_picture_stays(tmp_path):
    first, second = picture(), Image.new("RGB", (64, 32), "green")
    path = save(first, tmp_path / "a", format="GIF", save_all=True, append_images=[second])
    _, image = made_of(path, tmp_path / "into")
    assert getattr(image, "n_frames", 1) == 1
    assert_shows(image, RED, at=(8, 16))


def test_a_page_behind_a_picture_is_left_behind(tmp_path):
    path = save(picture(), tmp_path / "a", format="PNG")
    path.write_bytes(path.read_bytes() + b"<script>alert(1)</script>")
    made, _ = made_of(path, tmp_path / "into")
    assert b"script" not in (tmp_path / "into" / made.playable).read_bytes()


def test_a_large_photo_is_given_out_smaller(tmp_path):
    _, image = made_of(save(Image.new("RGB", (5_000, 1_000)), tmp_path / "a", format="JPEG"), tmp_path / "into")
    assert image.size == (4_096, 819)


def test_the_colours_of_another_profile_become_those_of_srgb(tmp_path):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    # A profile for another mode is nonsense here: it is left aside.
    _, image = made_of(save(picture(), tmp_path / "a", format="JPEG", icc_profile=lab.tobytes()), tmp_path / "into")
    assert_shows(image, RED, at=(8, 16))


def test_a_picture_may_have_as_many_pixels_as_allowed_and_not_one_more(tmp_path):
    (tmp_path / "a").write_bytes(png(100, 100))
    made_of(tmp_path / "a", tmp_path / "into", pixels=10_000)
    with pytest.raises(ImageTooLarge):
        ingested(tmp_path / "a", tmp_path / "refused", kind="photo", pixels=9_999)
    assert list((tmp_path / "refused").iterdir()) == []


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_damaged_picture_is_stored_or_refused_and_nothing_else(tmp_path, format):
    rng = np.random.default_rng(7)
    file = io.BytesIO()
    Image.effect_noise((60, 40), 60).save(file, format)
    whole = np.frombuffer(file.getvalue(), np.uint8)
    for _ in range(40):
        damaged = whole.copy()
        # The marks of the format stay; more damage near the start, where the headers are.
        damaged[16 + ((len(damaged) - 16) * rng.random(8) ** 3).astype(int)] = rng.integers(0, 256, 8)
        (tmp_path / "a").write_bytes(damaged.tobytes())
        try:
            ingested(tmp_path / "a", tmp_path / "into", kind="photo")
        except DomainError as refusal:
            assert refusal.code in {"UNREADABLE_IMAGE", "IMAGE_TOO_LARGE"}
