"""Geohashes: cells of a grid on the earth, named so that a longer name lies within a shorter one (Niemeyer, 2008)."""

from dataclasses import dataclass

from backend.errors import InvalidInput
from backend.geo.position import Position

ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
BITS_A_LETTER = 5
MOST_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells whose names have so many letters; columns count from 180° west, rows from the south pole."""

    letters: int

    @classmethod
    def checked(cls, letters: int, *, field: str) -> "Grid":
        """Raises InvalidInput."""
        if not 1 <= letters <= MOST_LETTERS:
            raise InvalidInput(f"Must be between 1 and {MOST_LETTERS}.", field=field)
        return cls(letters)

    @property
    def columns(self) -> int:
        """How many cells lie around the equator; an odd number of bits gives longitude one more than latitude."""
        return 1 << (BITS_A_LETTER * self.letters + 1) // 2

    @property
    def rows(self) -> int:
        """How many cells lie from pole to pole."""
        return 1 << BITS_A_LETTER * self.letters // 2

    def name(self, column: int, row: int) -> str:
        """The name of a cell: the bits of both in turn, the column's first."""
        bits = 0
        for place in range(BITS_A_LETTER * self.letters):
            source, size = (column, self.columns) if place % 2 == 0 else (row, self.rows)
            bit = size.bit_length() - 2 - place // 2
            bits = bits << 1 | source >> bit & 1
        return "".join(ALPHABET[bits >> BITS_A_LETTER * letter & 31] for letter in reversed(range(self.letters)))

    def middle(self, column: int, row: int) -> Position:
        """The middle of a cell."""
        return Position(
            latitude=(row + 0.5) / self.rows * 180 - 90, longitude=(column + 0.5) / self.columns * 360 - 180
        )
