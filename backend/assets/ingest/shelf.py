"""Where the finished files of one upload lie."""

import secrets
from pathlib import Path


class Shelf:
    """Names its files; no two uploads share one, and no name tells what was sent."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._stem = secrets.token_hex(16)
        self._names: list[str] = []

    @property
    def names(self) -> tuple[str, ...]:
        """Of the files, in the order they were asked for."""
        return tuple(self._names)

    def beside(self, suffix: str) -> Path:
        """A path for a file; those asked for here differ in their suffix alone."""
        return self._add(self._stem + suffix)

    def apart(self, suffix: str) -> Path:
        """A path whose name does not tell that it belongs to the others."""
        return self._add(secrets.token_hex(16) + suffix)

    def drop(self, path: Path) -> None:
        """Without this file."""
        self._names.remove(path.name)
        path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Without any file."""
        for name in list(self._names):
            self.drop(self.directory / name)

    def _add(self, name: str) -> Path:
        self._names.append(name)
        return self.directory / name
