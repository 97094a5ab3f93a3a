import pytest

from backend.geo.position import Position
from backend.hearing.assets import AssetFacts, AssetField
from backend.hearing.listener import Listener
from backend.hearing.nearness import LEAVING, Panorama, are_within, near

SQUARE = ((((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)),),)


def is_near(longitude, latitude, *, shape=None, radius=1000, **listener):
    field = AssetField.of([AssetFacts(id=1, position=Position(latitude, longitude), shape=shape)])
    return bool(near(field, Listener(**{"position": Position(0, 0), **listener}), radius_metres=radius)[0])


def test_the_radius_of_the_project_decides():
    assert is_near(0.0089, 0)
    assert not is_near(0.0091, 0)


def test_without_a_radius_it_is_one_metre():
    assert is_near(0.000008, 0, radius=None)
    assert not is_near(0.00001, 0, radius=None)


def test_a_radius_of_nothing_is_where_one_stands():
    assert is_near(0, 0, radius=0)
    assert not is_near(0.00001, 0, radius=0)


def test_the_assets_own_shape_goes_before_the_radius():
    assert is_near(50, 50, shape=SQUARE)
    assert not is_near(0.001, 0, shape=SQUARE, position=Position(0, 1.002), radius=1_000_000)


def test_the_line_of_a_shape_is_inside_it():
    assert is_near(50, 50, shape=SQUARE, position=Position(0, 1))
    assert not is_near(50, 50, shape=SQUARE, position=Position(0, 1.0001))


def test_a_range_goes_before_the_shape():
    assert is_near(0.1, 0, range_max=12_000)
    assert not is_near(0.1, 0, range_max=10_000, shape=SQUARE, radius=50_000)
    assert not is_near(0.1, 0, range_max=12_000, range_min=11_500)
    assert is_near(0.1, 0, range_max=12_000, range_min=11_000)


def test_a_least_range_alone_leaves_the_radius_in_force():
    assert is_near(0.001, 0, range_min=500)


@pytest.mark.parametrize(
    ("heading", "width", "expected"),
    [
        (90, None, True),
        (75.5, None, True),
        (74.5, None, False),
        (105.5, None, False),
        (0, 181, True),
        (0, 179, False),
        (270, 360, True),
        (450, 10, True),
    ],
)
def test_a_heading_hears_a_beam(heading, width, expected):
    assert is_near(1, 0, heading=heading, width=width) is expected


@pytest.mark.parametrize(("heading", "longitude"), [(5, -0.01), (355, 0.01), (-5, 0.01), (0, -0.01), (360, 0.01)])
def test_a_beam_wraps_around_north(heading, longitude):
    """0.01 degrees to the side of 0.1 degrees north is a bearing of 354.3 or 5.7 degrees."""
    assert is_near(longitude, 0.1, heading=heading, width=30)


def test_a_beam_has_a_range_of_its_own():
    assert is_near(1, 0, heading=90)
    assert is_near(179, 0, heading=90)
    assert not is_near(1, 0, heading=90, range_max=100_000)
    assert not is_near(1, 0, heading=90, range_min=112_000)
    assert is_near(1, 0, heading=90, range_min=111_000, range_max=112_000)


def test_a_beam_heeds_no_shape():
    assert not is_near(0, 1, heading=90, shape=SQUARE)


def test_without_geo_listening_all_is_near():
    assert is_near(50, 50, is_geo=False, position=None)


def test_without_a_position_nothing_is_near():
    assert not is_near(0, 0, position=None)


@pytest.mark.parametrize("mode", [{}, {"range_max": 5_000}, {"heading": 0}])
def test_an_asset_without_a_position_is_near_nobody(mode):
    field = AssetField.of([AssetFacts(id=1)])

    assert near(field, Listener(position=Position(0, 0), **mode), radius_metres=1e9).tolist() == [False]


def test_the_reference_ranges():
    """Reference 6.2: a range of 1,000,000 m adds far assets, a least range of 10,000 m removes near ones."""
    assert is_near(5, 5, range_max=1_000_000, radius=10)
    assert not is_near(0.05, 0, range_min=10_000, range_max=1_000_000)


def is_kept(longitude, latitude, *, shape=None, radius=1000, **listener):
    """Whether a listener who was near has not left yet."""
    position = Position(0, 0)
    field = AssetField.of([AssetFacts(id=1, position=Position(latitude, longitude), shape=shape)])
    one = Listener(position=position, **listener)
    return bool(are_within(Panorama(field, position), one, radius_metres=radius, slack=LEAVING)[0])


def test_leaving_counts_from_a_quarter_farther_out():
    """At the equator 1250 m are 0.01123 degrees of longitude."""
    assert is_kept(0.0112, 0)
    assert not is_kept(0.01125, 0)
    assert is_kept(0.0112, 0, range_max=1000, radius=1)
    assert not is_kept(0.01125, 0, range_max=1000, radius=1)


def test_a_shape_is_left_a_quarter_of_the_radius_outside_it():
    """250 m are 0.002246 degrees."""
    east = ((((0.0022, -1.0), (1.0, -1.0), (1.0, 1.0), (0.0022, 1.0), (0.0022, -1.0)),),)
    farther = ((((0.0023, -1.0), (1.0, -1.0), (1.0, 1.0), (0.0023, 1.0), (0.0023, -1.0)),),)

    assert is_kept(50, 50, shape=east)
    assert not is_kept(0, 0, shape=farther)


def test_a_beam_and_a_least_range_have_wider_edges_too():
    assert is_kept(1, 0, heading=72)
    assert not is_kept(1, 0, heading=71)
    assert is_kept(0.01, 0, range_min=1400, range_max=5000)
    assert not is_kept(0.01, 0, range_min=1500, range_max=5000)
