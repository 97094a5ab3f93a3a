"""Files of the media folder as the world fetches them: their addresses, their types, and who may have them."""

import mimetypes
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from django.conf import settings
from django.core.signing import Signer
from django.db.models import Model, Q, QuerySet
from django.utils.crypto import constant_time_compare

from backend.assets.models import Asset
from backend.projects.models import Project
from backend.soundscape.models import Speaker

# What browsers and phones agree on, where Python's own table says nothing or depends on the machine.
MIME_TYPES = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".aiff": "audio/aiff",
    ".caf": "audio/x-caf",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".webm": "audio/webm",
    ".mka": "audio/x-matroska",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".txt": "text/plain",
}

# How ingest names files: 128 random bits, so that no client chose a name and nobody guesses one.
_RANDOM_STEM = re.compile(r"[0-9a-f]{32}\Z")
# Digits of a Unix time in seconds.
LONGEST_EXPIRY = 11
SALT = "backend.assets.media"


def mime_type(name: str) -> str | None:
    """What a file is, by its name."""
    return MIME_TYPES.get(PurePosixPath(name).suffix.lower()) or mimetypes.guess_type(name)[0]


def stem(name: str) -> str:
    """What the files of one recording have in common: the name without its last suffix."""
    return name.removesuffix(PurePosixPath(name).suffix)


def is_made_here(name: str) -> bool:
    """Whether ingest made this file: only such files are ours to clear away."""
    return _RANDOM_STEM.match(stem(name)) is not None


def siblings(name: str) -> tuple[str, ...]:
    """The names that one recording's files may have: clients take .mp3 or .m4a where an asset says .wav."""
    return tuple(dict.fromkeys([name, *(stem(name) + suffix for suffix in MIME_TYPES)]))


def assets_with_files(names: Iterable[str]) -> QuerySet[Asset]:
    """The assets that name one of these files."""
    listed = list(names)
    return Asset.objects.filter(Q(filename__in=listed) | Q(file__in=listed) | Q(caption_file__in=listed))


def named_file(uri: str) -> str:
    """The file that an address of a sound names, if it is of the media folder."""
    return unquote(uri).rpartition("/")[2]


def is_of_a_place(name: str) -> bool:
    """Whether a speaker or a project names this file, or another of its stem; whatever the host in the address is."""
    addresses = [*_containing(stem(name), Speaker, "uri", "backup_uri")]
    addresses += _containing(stem(name), Project, "out_of_range_url", "demo_stream_url")
    return any(stem(named_file(address)) == stem(name) for address in addresses)


def _containing(text: str, model: type[Model], *columns: str) -> Iterator[str]:
    part = Q()
    for column in columns:
        part |= Q(**{f"{column}__contains": text}) | Q(**{f"{column}__contains": quote(text)})
    return chain.from_iterable(model._default_manager.filter(part).order_by().values_list(*columns))


def media_url(name: str, *, is_public: bool, now: float | None = None) -> str:
    """The absolute address of a file; when it is not public, signed and good for a while from `now` (Unix seconds).

    It stays the same for a quarter of its life, so that browsers keep what they have fetched. Whoever may see the
    asset may have it.
    """
    address = f"{settings.PUBLIC_URL}{settings.MEDIA_URL}{quote(name)}"
    if is_public:
        return address
    expires = _expiry(time.time() if now is None else now)
    # Neither holds a character that a query string would escape.
    return f"{address}?expires={expires}&signature={_signature(name, expires)}"


def may_fetch(name: str, link: Mapping[str, str], *, now: float | None = None) -> bool:
    """Whether a file may go to whoever shows this link: the parameters of its address."""
    return _is_signed(name, link, time.time() if now is None else now) or _is_public(name)


def _is_public(name: str) -> bool:
    """What no asset names is public, unless ingest made it, for no place: that is an upload on its way in or out."""
    owners = assets_with_files(siblings(name)).order_by().values_list("submitted", flat=True)
    are_submitted = set(owners)
    return True in are_submitted if are_submitted else not is_made_here(name) or is_of_a_place(name)


def _is_signed(name: str, link: Mapping[str, str], now: float) -> bool:
    expires = link.get("expires", "")
    if not (expires.isascii() and expires.isdigit() and len(expires) <= LONGEST_EXPIRY and now < int(expires)):
        return False
    return constant_time_compare(link.get("signature", ""), _signature(name, expires))


def _signature(name: str, expires: int | str) -> str:
    # Of the stem: a link to the .wav opens the .mp3 and the .m4a beside it.
    return _signer(settings.SECRET_KEY).signature(f"{stem(name)}?{expires}")


@lru_cache(maxsize=1)
def _signer(key: str) -> Signer:
    return Signer(key=key, salt=SALT)


def _expiry(now: float) -> int:
    """In seconds of Unix time: at least a link's life from now, at most a quarter more."""
    life = settings.MEDIA_LINK_SECONDS
    step = max(life // 4, 1)
    return (int(now) // step + 1) * step + life
