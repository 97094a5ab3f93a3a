"""What was used last is kept, up to a total weight."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """A cache for all threads; what was not used for longest goes first."""

    def __init__(self, most_weight: int) -> None:
        self._most_weight = most_weight
        self._weight = 0
        self._kept: OrderedDict[Key, tuple[int, Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """What is kept under this key."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[1]

    def keep(self, key: Key, value: Value, *, weight: int) -> None:
        """Keep it, and let others go for it."""
        with self._lock:
            self._drop(key)
            self._kept[key] = weight, value
            self._weight += weight
            while self._weight > self._most_weight and self._kept:
                self._drop(next(iter(self._kept)))

    def forget(self) -> None:
        """All of it."""
        with self._lock:
            self._kept.clear()
            self._weight = 0

    def _drop(self, key: Key) -> None:
        if key in self._kept:
            weight, _ = self._kept.pop(key)
            self._weight -= weight
