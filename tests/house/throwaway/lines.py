"""The lines that a new resource adds to the house beside its own room: nothing else knows of it."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

# By module: what its new lines stand before, and the lines.
LINES = {
    "backend.catalogue": [
        ("\nCATALOGUE: ", "from tests.house.throwaway.resources import LAMP\n"),
        ("    LISTEN_EVENT,\n)", "    LAMP,\n"),
    ],
    "schema.types": [
        ("\nlink()", "from tests.house.throwaway.resources import LAMP\nLamp = node(LAMP)\n"),
    ],
}


class _WithLines(SourceFileLoader):
    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:
        text = bytes(data).decode()
        for place, lines in LINES[self.name]:
            assert text.count(place) == 1, place
            text = text.replace(place, lines + place)
        return compile(text, path, "exec")

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if fullname in LINES else None
        if spec is not None:
            spec.loader = _WithLines(fullname, str(spec.origin))
        return spec


def add() -> None:
    """From now on these modules are imported with their new lines."""
    sys.meta_path.insert(0, _Finder())
