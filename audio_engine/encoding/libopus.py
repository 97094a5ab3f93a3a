"""The Opus codec's own library, which lies in the PyAV wheel: its public C interface (opus.h, opus_defines.h)."""

import ctypes
import ctypes.util
import importlib.util
from enum import IntEnum
from functools import cache
from pathlib import Path

from backend.errors import Unsupported

APPLICATION_AUDIO = 2049


class Setting(IntEnum):
    """What an encoder can be told: the requests of opus_encoder_ctl."""

    BITRATE = 4002
    VBR = 4006
    COMPLEXITY = 4010


@cache
def libopus() -> ctypes.CDLL:
    """The library, with the types of what we call. Raises Unsupported where there is none."""
    path = _bundled() or ctypes.util.find_library("opus")
    if path is None:
        raise Unsupported("There is no libopus on this machine.", field="format")
    library = ctypes.CDLL(path)
    library.opus_encoder_get_size.argtypes = [ctypes.c_int]
    library.opus_encoder_init.argtypes = [ctypes.c_void_p, ctypes.c_int32, ctypes.c_int, ctypes.c_int]
    # The rest of its arguments depends on the request; those of ours are all int32.
    library.opus_encoder_ctl.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.opus_encode_float.argtypes = [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.c_void_p,
        ctypes.c_int32,
    ]
    library.opus_encode_float.restype = ctypes.c_int32
    return library


def _bundled() -> str | None:
    spec = importlib.util.find_spec("av")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    # As the wheels of Linux and Windows, and of macOS, keep them.
    beside = (package.parent / "av.libs", package / ".dylibs")
    return next((str(path) for directory in beside for path in directory.glob("*opus*")), None)
