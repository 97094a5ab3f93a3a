"""The shape of the files that describe the demo's projects, read and checked."""

from pathlib import Path

import msgspec

# By the code of their language.
Texts = dict[str, str]
Plain = bool | int | float | str
# (longitude, latitude), as in GeoJSON.
Place = tuple[float, float]
Ring = tuple[Place, ...]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file; a key that is not known is an error, not a surprise."""


class ProjectPart(Part, frozen=True):
    """The project itself; `texts` by the name of the field that holds them, without its `_texts`."""

    name: str
    fields: dict[str, Plain]
    texts: dict[str, Texts] = {}


class Offer(Part, frozen=True):
    """How the tags of a category are offered in one mode."""

    select: str
    header: Texts


class TagPart(Part, frozen=True):
    """One tag."""

    value: str
    message: Texts
    description: Texts


class CategoryPart(Part, frozen=True):
    """A category, its tags, and its two groups for the clients."""

    name: str
    listen: Offer
    speak: Offer
    tags: tuple[TagPart, ...]


class AudiotrackPart(Part, frozen=True):
    """A track; it plays only assets with one of its tags, or all when it has none."""

    fields: dict[str, Plain]
    tags: tuple[str, ...] = ()


class SpeakerPart(Part, frozen=True):
    """A zone and the file that loops in it."""

    code: str
    sound: str
    shape: tuple[tuple[Ring, ...], ...]
    attenuation_metres: float
    max_volume: float = 1.0


class AssetPart(Part, frozen=True):
    """A file at a place, or at a time of the stream (`timed`, in seconds), or both."""

    file: str
    description: str
    media_type: str = "audio"
    at: Place | None = None
    timed: tuple[float, float] | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    texts: Texts = {}
    alt_texts: Texts = {}


class Description(Part, frozen=True):
    """One project with all that is in it."""

    languages: dict[str, str]
    project: ProjectPart
    audiotracks: tuple[AudiotrackPart, ...]
    speakers: tuple[SpeakerPart, ...]
    assets: tuple[AssetPart, ...]
    categories: tuple[CategoryPart, ...] = ()


def read(path: Path) -> Description:
    """The description in a TOML file. Raises msgspec.ValidationError, which names the key that is wrong."""
    return msgspec.toml.decode(path.read_bytes(), type=Description)
