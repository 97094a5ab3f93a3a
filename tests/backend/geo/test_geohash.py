"""Names of cells. The known ones are those of the inventor's own examples and of geohash.org."""

import pytest

from backend.errors import InvalidInput
from backend.geo.geohash import MOST_LETTERS, Grid
from backend.geo.position import Position


def cell(latitude, longitude, letters):
    grid = Grid(letters)
    column = int((longitude + 180) / 360 * grid.columns)
    row = int((latitude + 90) / 180 * grid.rows)
    return grid, column, row


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (57.64911, 10.40744, "u4pruydqqvj"),
        (42.6, -5.6, "ezs42"),
        (-25.382708, -49.265506, "6gkzwgjzn820"),
        (0, 0, "s000"),
        (-90, -180, "0"),
        (48.669, -4.329, "gbsuv"),
    ],
)
def test_a_place_has_the_name_that_all_know_it_by(latitude, longitude, name):
    grid, column, row = cell(latitude, longitude, len(name))
    assert grid.name(column, row) == name


@pytest.mark.parametrize("letters", range(1, MOST_LETTERS + 1))
def test_the_middle_of_a_cell_lies_in_it_and_in_all_larger_ones(letters):
    grid, column, row = cell(60.17, 24.94, letters)
    middle = grid.middle(column, row)
    assert cell(middle.latitude, middle.longitude, letters) == (grid, column, row)
    whole = Grid(MOST_LETTERS).name(*cell(60.17, 24.94, MOST_LETTERS)[1:])
    assert whole.startswith(grid.name(column, row))


def test_the_last_cell_is_named_too():
    grid = Grid(3)
    assert grid.name(grid.columns - 1, grid.rows - 1) == "zzz"
    assert grid.middle(grid.columns - 1, grid.rows - 1) == Position(90 - 90 / grid.rows, 180 - 180 / grid.columns)


@pytest.mark.parametrize("letters", [0, -1, 13])
def test_a_name_has_one_to_twelve_letters(letters):
    with pytest.raises(InvalidInput) as refusal:
        Grid.checked(letters, field="precision")
    assert refusal.value.field == "precision"
