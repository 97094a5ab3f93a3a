"""How the kernels are compiled: to machine code that holds no GIL, kept on disk between runs."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core import cgutils, types
from numba.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compiled at its first call, for the types it is called with.

    The cache on disk notices a change in the function's own file only: kernels that call each other stay in one
    file, and get what other files compute as arguments. Of fast mathematics: numbers are finite, zeros have no
    sign, and a product may be fused with its sum; order is kept, so that the same input gives the same output.
    """
    return cast(Function, numba.njit(function, nogil=True, cache=True, fastmath={"nnan", "nsz", "contract"}))


def summing_kernel(function: Function) -> Function:
    """As `kernel`, but the terms of a sum may be taken in another order: only so does a long one become vectors.

    The order is the compiled code's own, so that it is the same in every block.
    """
    order_free = {"nnan", "nsz", "contract", "reassoc"}
    return cast(Function, numba.njit(function, nogil=True, cache=True, fastmath=order_free))


def _pointer(_: Any, address: Any) -> Any:
    def codegen(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), codegen


# An integer as the pointer that numba.carray takes. Handing the arrays over costs more than mixing them.
pointer: Any = intrinsic(_pointer)
