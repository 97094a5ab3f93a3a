"""A photo: turned upright, in plain colours, without a word about where and by whom it was taken."""

import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from backend.assets.ingest.contents import described, head_of, is_heif, picture_format
from backend.assets.ingest.errors import ImageTooLarge, UnreadableImage, UnsupportedMedia
from backend.assets.ingest.limits import PHOTO_SIDE_PIXELS, IngestLimits
from backend.assets.ingest.result import Ingested
from backend.assets.ingest.shelf import Shelf
from backend.decoding.containers import sniff
from backend.errors import DomainError

JPEG_QUALITY = 85
# The picture's size is held against our own limit, before any of it is decoded.
Image.MAX_IMAGE_PIXELS = None
# Loads the formats now: each photo has a process of its own, which would load them again.
Image.init()


def ingest_photo(source: Path, shelf: Shelf, limits: IngestLimits, progress: Callable[[str], None]) -> Ingested:
    """One JPEG, or a PNG where it can be seen through; of something that moves, the first picture."""
    chosen = _format(head_of(source))
    progress("decoding")
    image = _read(source, chosen, limits)
    progress("encoding")
    path, mime_type = _write(image, shelf)
    return Ingested(playable=path.name, original=path.name, files=shelf.names, mime_type=mime_type)


def _format(head: bytes) -> str:
    if chosen := picture_format(head):
        return chosen
    if is_heif(head):
        raise UnsupportedMedia("HEIF pictures are not read here; send it as a JPEG.")
    if sniff(head):
        raise UnsupportedMedia(f"The file is {described(head)}, not a photo.")
    raise UnreadableImage("The file is none of the kinds of pictures that can be read here (JPEG, PNG, GIF, WebP).")


def _read(source: Path, chosen: str, limits: IngestLimits) -> Image.Image:
    with _reading(), Image.open(source, formats=[chosen]) as image:
        if image.width * image.height > limits.pixels:
            raise ImageTooLarge(f"The picture has more than {limits.pixels / 1e6:g} million pixels.")
        # Decodes a JPEG at half or a quarter of its size at once, where that is enough.
        image.thumbnail((PHOTO_SIDE_PIXELS, PHOTO_SIDE_PIXELS))
        upright = ImageOps.exif_transpose(image)
        return _plain(_in_srgb(upright))


@contextmanager
def _reading() -> Iterator[None]:
    """On hostile bytes Pillow raises nearly anything."""
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except DomainError:
        raise
    except (
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
        ArithmeticError,
        MemoryError,
        RuntimeError,
        struct.error,
        zlib.error,
    ) as error:
        raise UnreadableImage("The picture cannot be decoded: it is damaged, or not what it seems.") from error


def _in_srgb(image: Image.Image) -> Image.Image:
    """Telephones see more colours than sRGB has; without their profile these would look pale."""
    profile = image.info.get("icc_profile")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(BytesIO(profile)), srgb, outputMode=mode
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            return image.convert(mode)
        if converted is not None:
            return converted
    return image.convert(mode)


def _plain(image: Image.Image) -> Image.Image:
    """Its pixels alone: Pillow would write back comments and profiles that it has read."""
    plain = Image.new(image.mode, image.size)
    plain.paste(image)
    return plain


def _write(image: Image.Image, shelf: Shelf) -> tuple[Path, str]:
    if image.mode == "RGBA":
        path = shelf.beside(".png")
        image.save(path, "PNG")
        return path, "image/png"
    path = shelf.beside(".jpg")
    image.save(path, "JPEG", quality=JPEG_QUALITY, progressive=True)
    return path, "image/jpeg"
