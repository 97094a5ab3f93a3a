"""A file's bytes as memory that holds no file open: Python's own mmap keeps a descriptor for every sound."""

import ctypes
import mmap
import os
import weakref
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mmap.restype = ctypes.c_void_p
_libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
_libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
_FAILED = ctypes.c_void_p(-1).value


def mapped_bytes(file: BinaryIO) -> NDArray[np.uint8]:
    """The whole file, read-only; it stays mapped for as long as anybody holds the array or a part of it.

    Raises OSError; also for an empty file, which cannot be mapped.
    """
    size = os.fstat(file.fileno()).st_size
    address = _libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), 0)
    if address == _FAILED:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    memory = (ctypes.c_ubyte * size).from_address(address)
    # At the exit a thread may still be rendering from it; the kernel takes it back by itself.
    weakref.finalize(memory, _libc.munmap, address, size).atexit = False
    array: NDArray[np.uint8] = np.ctypeslib.as_array(memory)
    array.flags.writeable = False
    return array
