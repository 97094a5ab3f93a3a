"""How little memory an encoder takes is decided by the C library, once for the process."""

import ctypes

# From glibc's malloc.h.
M_MMAP_THRESHOLD = -3
LARGE_BYTES = 128 * 1024


def map_large_blocks() -> bool:
    """Give large blocks pages of their own for good, so that what LAME asks for and never touches takes none.

    A third of its 275 KiB a stream. By itself glibc stops doing so after the first such block is freed. To be called
    before the first encoder is made; False where the C library offers no such choice.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(M_MMAP_THRESHOLD, LARGE_BYTES) == 1
