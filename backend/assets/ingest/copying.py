"""The coded streams of a file in a new container: as they were sent, but without any metadata around them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from backend.decoding.demux import reading
from backend.decoding.errors import UnreadableAudio

# Their index goes first, so that a browser plays before it has all.
_INDEXED = ("mp4", "ipod")

Streams = Sequence[AudioStream | VideoStream]


def copy_streams(opened: InputContainer, streams: Streams, path: Path, *, muxer: str) -> None:
    """Write `streams` to `path`, undecoded. Raises UnreadableAudio for what FFmpeg's `muxer` does not take."""
    options = {"movflags": "+faststart"} if muxer in _INDEXED else {}
    with reading(), av.open(str(path), "w", format=muxer, options=options) as made:
        copies = {stream.index: made.add_stream_from_template(stream, opaque=True) for stream in streams}
        packets = 0
        for packet in _packets(opened, streams):
            packet.stream = copies[packet.stream_index]
            made.mux_one(packet)
            packets += 1
    if packets == 0:
        raise UnreadableAudio("The file holds nothing.")


def _packets(opened: InputContainer, streams: Streams) -> Iterator["Packet[Stream]"]:
    # Cut off in the middle: what came before is kept.
    with suppress(FFmpegError):
        for packet in opened.demux(*streams):
            # An empty one closes each stream.
            if packet.size:
                yield packet
