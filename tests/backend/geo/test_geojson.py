"""GeoJSON becomes a shape, or is refused with the field."""

import json

import pytest

from backend.errors import InvalidInput
from backend.geo.geojson import multi_polygon

RING = [[24, 60], [25, 60], [25, 61], [24, 61], [24, 60]]


def test_a_polygon_becomes_a_multi_polygon_longitude_first():
    shape = multi_polygon({"type": "Polygon", "coordinates": [RING]})
    assert shape.coords == ((tuple((float(x), float(y)) for x, y in RING),),)
    assert shape.srid == 4326


def test_text_is_read_and_heights_are_left_out():
    ring = [[*point, 12.5] for point in RING]
    shape = multi_polygon(json.dumps({"type": "MultiPolygon", "coordinates": [[ring]]}))
    assert shape.num_points == 5
    assert not shape.hasz


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        [],
        "",
        "{",
        "null",
        "SRID=4326;POINT (1 2)",
        {},
        {"type": "Point", "coordinates": [24, 60]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "MultiPolygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": 3},
        {"type": "Polygon", "coordinates": [[[24], [25], [26], [24]]]},
        {"type": "Polygon", "coordinates": [[["24", "60"], [25, 60], [25, 61], ["24", "60"]]]},
        {"type": "Polygon", "coordinates": [[[24, 60], [25, 60], [24, 60]]]},
        {"type": "Polygon", "coordinates": [[[24, 60], [25, 60], [25, 61], [24, 61]]]},
        {"type": "Polygon", "coordinates": [[[24, 91], [25, 91], [25, 92], [24, 91]]]},
        {"type": "Polygon", "coordinates": [[[24, 60], [25, 61], [25, 60], [24, 61], [24, 60]]]},
        {"type": "Polygon", "coordinates": [[[10**400, 60], [25, 60], [25, 61], [10**400, 60]]]},
        {"type": "Polygon", "coordinates": [[[True, 60], [25, 60], [25, 61], [True, 60]]]},
        {"type": "Polygon", "coordinates": {"0": RING}},
        {"type": ["Polygon"], "coordinates": [RING]},
        '{"type": "Polygon", "coordinates": [[[NaN, 60], [25, 60], [25, 61], [NaN, 60]]]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_valid_shape_is_refused(value):
    with pytest.raises(InvalidInput) as refusal:
        multi_polygon(value, field="location")
    assert refusal.value.field == "location"


@pytest.mark.parametrize(
    ("coordinates", "reason"),
    [
        ([RING[:-1]], "a ring is not closed: its first and last positions must be the same"),
        ([RING[:2]], "a ring has at least four positions"),
        ([[[24, 91], *RING[1:4], [24, 91]]], "a latitude is out of range"),
        ([[[361, 60], *RING[1:4], [361, 60]]], "a longitude is out of range"),
        ([[[24, 60], *5_000 * [[25, 60], [25, 61]], [24, 60]]], "it has more than 10000 vertices"),
        (10_001 * [RING], "it has more than 10000 vertices"),
    ],
)
def test_a_refusal_says_why(coordinates, reason):
    with pytest.raises(InvalidInput, match=reason):
        multi_polygon({"type": "Polygon", "coordinates": coordinates})


def test_nothing_but_type_and_coordinates_is_read():
    foreign = {"crs": {"type": "link", "properties": {"href": "http://example.test/"}}, "bbox": "?"}
    assert multi_polygon({"type": "Polygon", "coordinates": [RING], **foreign}).srid == 4326


def test_a_shape_across_the_date_line_may_count_on():
    ring = [[170, 0], [190, 0], [190, 1], [170, 1], [170, 0]]
    assert multi_polygon({"type": "Polygon", "coordinates": [ring]}).extent == (170.0, 0.0, 190.0, 1.0)
