"""Files that want something else than to be heard or seen, made on the spot; the tests of ingest use them too."""

import io
import struct
import wave
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import av
import numpy as np
from PIL import Image

# What a contributor may send to a project with recordings of a minute.
SECONDS = 65.0


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file, what it is sent as, and the code of its refusal."""

    name: str
    kind: str
    code: str
    content: Callable[[Path], bytes]

    def write(self, directory: Path) -> Path:
        """The file, under its own name."""
        path = directory / self.name
        path.write_bytes(self.content(directory))
        return path


def _text(template: str) -> Callable[[Path], bytes]:
    """`{canary}` stands for a sound that lies beside it."""
    return lambda directory: template.format(canary=write_canary(directory)).encode()


def write_canary(directory: Path) -> Path:
    """Somebody else's recording: a tone of 997 Hz that must never be heard."""
    path = directory / "canary.wav"
    path.write_bytes(_wav(1, 44_100, (8_000 * np.sin(2 * np.pi * 997 * np.arange(44_100) / 44_100)).astype("<i2")))
    return path


def _wav(channels: int, rate: int, samples: "np.ndarray[tuple[int], np.dtype[np.int16]] | bytes") -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(bytes(samples))
    return file.getvalue()


@cache
def _coded_silence(container: str, codec: str, *, seconds: int, rate: int = 44_100) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as sound:
        stream = sound.add_stream(codec, rate=rate)
        stream.layout = "mono"
        for second in range(seconds):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, rate), np.int16), "s16", "mono")
            frame.rate, frame.pts = rate, second * rate
            sound.mux(stream.encode(frame))
        sound.mux(stream.encode(None))
    return file.getvalue()


def _flac_bomb(_: Path) -> bytes:
    """Ten minutes of nothing in some kilobytes, and it says so."""
    return _coded_silence("flac", "flac", seconds=600)


def _lying_flac_bomb(directory: Path) -> bytes:
    """It does not say how long it is: the 36 bits of STREAMINFO that count its samples are zero."""
    content = bytearray(_flac_bomb(directory))
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    return bytes(content)


def _mp3_bomb(_: Path) -> bytes:
    """Five hours: MPEG-2.5, 8 kbit/s at 8 kHz, each frame of 72 ms the same silent 72 bytes."""
    return (b"\xff\xe3\x18\xc0" + bytes(68)) * 250_000


def _wav_bomb(_: Path) -> bytes:
    """An hour at 4 kHz in 29 MB, eleven times as large at our rate."""
    return _wav(1, 4_000, bytes(2 * 4_000 * 3_600))


def _zip_bomb(_: Path) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sound.wav", bytes(5_000_000))
    return file.getvalue()


def _mp4_without_index(_: Path) -> bytes:
    whole = _coded_silence("ipod", "aac", seconds=2)
    return whole[: whole.index(b"moov") - 4]


def png(width: int, height: int, *, rows: int | None = None) -> bytes:
    """One bit a pixel, all black; with `rows` less than `height` it ends too early."""
    data = zlib.compress(bytes((1 + -(-width // 8)) * (height if rows is None else rows)), 9)
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def _cut_jpeg(_: Path) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((400, 300), 80).save(file, "JPEG")
    return file.getvalue()[:5_000]


def _webp_canvas(_: Path) -> bytes:
    """The header of an animation of 16,383 pixels by 16,383, without a picture."""
    side = (16_382).to_bytes(3, "little")
    chunks = (
        b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + side + side + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    )
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def _film_with_odd_pictures(_: Path) -> bytes:
    """QuickTime with pictures of a coder that nobody films with."""
    file = io.BytesIO()
    with av.open(file, "w", format="mov") as film:
        stream = film.add_stream("qtrle", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "rgb24"
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
        film.mux(stream.encode(picture))
        film.mux(stream.encode(None))
    return file.getvalue()


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{{}}\n#EXT-X-ENDLIST\n"

HOSTILE: tuple[Hostile, ...] = (
    Hostile("empty.mp3", "audio", "EMPTY_FILE", lambda _: b""),
    Hostile("text.mp3", "audio", "UNREADABLE_AUDIO", lambda _: b"This is not a song.\n" * 50),
    Hostile("eicar.wav", "audio", "UNREADABLE_AUDIO", lambda _: EICAR),
    Hostile("ffconcat.mp3", "audio", "UNREADABLE_AUDIO", _text("ffconcat version 1.0\nfile canary.wav\n")),
    Hostile("ffconcat-absolute.wav", "audio", "UNREADABLE_AUDIO", _text("ffconcat version 1.0\nfile '{canary}'\n")),
    Hostile("hls.m4a", "audio", "UNREADABLE_AUDIO", _text("#EXTM3U\n#EXTINF:1,\nfile://{canary}\n#EXT-X-ENDLIST\n")),
    Hostile("hls-http.mp3", "audio", "UNREADABLE_AUDIO", _text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/{canary}\n")),
    Hostile("hls-concat.ogg", "audio", "UNREADABLE_AUDIO", _text("#EXTM3U\n#EXTINF:1,\nconcat:{canary}\n")),
    Hostile("hls-subfile.mp3", "audio", "UNREADABLE_AUDIO", _text("#EXTM3U\n#EXTINF:1,\nsubfile,,start,0:{canary}\n")),
    Hostile("sdp.mp3", "audio", "UNREADABLE_AUDIO", _text("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=audio 5004 RTP/AVP 0")),
    Hostile(
        "marked-ffconcat.mp3",
        "audio",
        "UNREADABLE_AUDIO",
        _text("ID3\4\0\0\0\0\0\0ffconcat version 1.0\nfile '{canary}'"),
    ),
    Hostile("page.html", "audio", "UNREADABLE_AUDIO", lambda _: b"<html><script>alert(1)</script></html>"),
    Hostile("zip-bomb.mp3", "audio", "UNREADABLE_AUDIO", _zip_bomb),
    Hostile("head.wav", "audio", "UNREADABLE_AUDIO", lambda _: _wav(1, 44_100, b"")),
    Hostile("no-index.m4a", "audio", "UNREADABLE_AUDIO", _mp4_without_index),
    Hostile("many-channels.wav", "audio", "UNREADABLE_AUDIO", lambda _: _wav(48, 44_100, bytes(48 * 2 * 4_410))),
    Hostile("one-hertz.wav", "audio", "UNREADABLE_AUDIO", lambda _: _wav(1, 1, bytes(200_000))),
    Hostile("flac-bomb.flac", "audio", "AUDIO_TOO_LONG", _flac_bomb),
    Hostile("lying-flac-bomb.flac", "audio", "AUDIO_TOO_LONG", _lying_flac_bomb),
    Hostile("mp3-bomb.mp3", "audio", "AUDIO_TOO_LONG", _mp3_bomb),
    Hostile("wav-bomb.wav", "audio", "AUDIO_TOO_LONG", _wav_bomb),
    Hostile("large.wav", "audio", "FILE_TOO_LARGE", lambda _: bytes(100_000_001)),
    Hostile("picture.mp3", "audio", "UNSUPPORTED_MEDIA", lambda _: png(10, 10)),
    Hostile("13000.png", "photo", "IMAGE_TOO_LARGE", lambda _: png(13_000, 13_000)),
    Hostile("50000.png", "photo", "IMAGE_TOO_LARGE", lambda _: png(50_000, 50_000, rows=10)),
    Hostile("canvas.webp", "photo", "UNREADABLE_IMAGE", _webp_canvas),
    Hostile("cut.png", "photo", "UNREADABLE_IMAGE", lambda _: png(2_000, 2_000)[:200]),
    Hostile("cut.jpg", "photo", "UNREADABLE_IMAGE", _cut_jpeg),
    Hostile("picture.svg", "photo", "UNREADABLE_IMAGE", lambda _: b"<svg onload='alert(1)'/>"),
    Hostile("telephone.heic", "photo", "UNSUPPORTED_MEDIA", lambda _: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
    Hostile("sound.jpg", "photo", "UNSUPPORTED_MEDIA", lambda _: _wav(1, 44_100, bytes(100))),
    Hostile("picture.txt", "text", "UNREADABLE_TEXT", lambda _: png(10, 10)),
    Hostile("binary.txt", "text", "UNREADABLE_TEXT", lambda _: b"looks like text\0but is none"),
    Hostile("latin-1.txt", "text", "UNREADABLE_TEXT", lambda _: "Grüße".encode("latin-1")),
    Hostile("blank.txt", "text", "UNREADABLE_TEXT", lambda _: b" \r\n\t\x07 "),
    Hostile("long.txt", "text", "TEXT_TOO_LONG", lambda _: b"a" * 65_537),
    Hostile("text.mp4", "video", "UNSUPPORTED_MEDIA", lambda _: b"This is not a film.\n" * 50),
    Hostile("sound.mp4", "video", "UNSUPPORTED_MEDIA", lambda _: _coded_silence("ipod", "aac", seconds=1)),
    Hostile("sound.webm", "video", "UNSUPPORTED_MEDIA", lambda _: _wav(1, 44_100, bytes(100))),
    Hostile("no-index.mp4", "video", "UNREADABLE_VIDEO", _mp4_without_index),
    Hostile("odd.mov", "video", "UNSUPPORTED_MEDIA", _film_with_odd_pictures),
)
