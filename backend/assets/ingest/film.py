"""A film: its coded pictures and sound in a new container. Nothing is decoded, so it looks as it was sent."""

from collections.abc import Callable
from pathlib import Path

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from backend.assets.ingest.contents import described, head_of, is_heif
from backend.assets.ingest.copying import copy_streams
from backend.assets.ingest.errors import UnreadableVideo, UnsupportedMedia
from backend.assets.ingest.limits import IngestLimits
from backend.assets.ingest.result import Ingested
from backend.assets.ingest.shelf import Shelf
from backend.decoding.containers import Container, sniff
from backend.decoding.demux import demuxed
from backend.decoding.errors import UnreadableAudio

# FFmpeg's muxer, what browsers call the file, and what may be coded in it.
_KINDS = {
    Container.MP4: ("mp4", frozenset({"h264", "hevc", "av1"})),
    Container.MATROSKA: ("webm", frozenset({"vp8", "vp9", "av1"})),
}


def ingest_film(source: Path, shelf: Shelf, limits: IngestLimits, progress: Callable[[str], None]) -> Ingested:
    """One .mp4 or .webm; how long it is stays unknown. What is in its streams is for the viewer's machine to judge."""
    head = head_of(source)
    container = sniff(head)
    if container not in _KINDS or is_heif(head):
        raise UnsupportedMedia(f"The file is {described(head)}, not a film (MP4, QuickTime or WebM).")
    muxer, codecs = _KINDS[container]
    progress("encoding")
    path = shelf.beside(f".{muxer}")
    try:
        with demuxed(source) as (opened, _):
            copy_streams(opened, _streams(opened, codecs), path, muxer=muxer)
    except UnreadableAudio:
        raise UnreadableVideo("The film cannot be read: it is damaged, or not what it seems.") from None
    return Ingested(playable=path.name, original=path.name, files=shelf.names, mime_type=f"video/{muxer}")


def _streams(opened: InputContainer, codecs: frozenset[str]) -> list[AudioStream | VideoStream]:
    """The first pictures and the first sound; subtitles, data and other tracks stay behind."""
    if not opened.streams.video:
        raise UnsupportedMedia("The file holds no moving picture.")
    pictures = opened.streams.video[0]
    codec = pictures.codec_context.codec.canonical_name if pictures.codec_context else "an unknown one"
    if codec not in codecs:
        raise UnsupportedMedia(f"The film is coded in a way that is not taken here ({codec}).")
    return [pictures, *opened.streams.audio[:1]]
