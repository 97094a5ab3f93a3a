import pytest

from backend.geo.position import Position
from backend.hearing.speakers import SpeakerField, SpeakerZone, is_in_range
from backend.ids import SpeakerId

# One degree wide at the equator: 0.001 degrees of longitude are 111.3 m.
SQUARE = ((((0.0, -0.5), (1.0, -0.5), (1.0, 0.5), (0.0, 0.5), (0.0, -0.5)),),)
# The polygon of the old server's range tests (reference 6.2), without its hole.
OLD_POLYGON = ((((-1.25, -0.49), (0.035, -0.49), (0.035, 0.63), (-1.25, 0.63), (-1.25, -0.49)),),)


def zone(number=1, *, low=0.2, high=0.8, attenuation=1000.0, polygons=SQUARE):
    return SpeakerZone(SpeakerId(number), low, high, attenuation, polygons)


def gain(longitude, *, is_geo=True, **values):
    return SpeakerField.of([zone(**values)]).gains(Position(0, longitude), is_geo=is_geo)[0]


@pytest.mark.parametrize(
    ("longitude", "expected"), [(0, 0.2), (0.001, 0.2668), (0.005, 0.5340), (0.009, 0.8), (0.5, 0.8)]
)
def test_the_gain_rises_from_the_boundary_inwards(longitude, expected):
    assert gain(longitude) == pytest.approx(expected, abs=0.0012 if longitude == 0.009 else 1e-4)


@pytest.mark.parametrize("longitude", [-0.0001, -0.005, -3, -90])
def test_outside_the_gain_is_the_least_at_any_distance(longitude):
    assert gain(longitude) == 0.2


def test_without_attenuation_all_of_the_inside_is_loudest():
    assert gain(0.00001, attenuation=0) == pytest.approx(0.8)
    assert gain(-0.00001, attenuation=0) == 0.2


def test_a_speaker_may_be_softer_inside():
    assert gain(0.001, low=0.8, high=0.2) == pytest.approx(1 - 0.2668, abs=1e-4)


def test_without_geo_listening_every_speaker_is_at_its_loudest():
    field = SpeakerField.of([zone(1), zone(2, high=0.3)])

    assert field.gains(Position(0, -50), is_geo=False) == pytest.approx([0.8, 0.3])
    assert field.gains(None, is_geo=False) == pytest.approx([0.8, 0.3])


def test_a_geo_listener_without_a_position_is_outside_of_all():
    assert SpeakerField.of([zone()]).gains(None, is_geo=True) == pytest.approx([0.2])


def test_coordinate_zero_is_a_coordinate():
    around_zero = ((((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)),),)

    assert SpeakerField.of([zone(polygons=around_zero)]).gains(Position(0, 0), is_geo=True) == pytest.approx([0.8])


def test_gains_stay_between_silence_and_full_scale():
    field = SpeakerField.of([zone(1, low=-0.5, high=3)])

    assert field.gains(Position(0, -1), is_geo=True) == pytest.approx([0])
    assert field.gains(Position(0, 0.5), is_geo=True) == pytest.approx([1])


def test_overlapping_speakers_each_have_their_gain():
    field = SpeakerField.of([zone(1), zone(2, low=0, high=1, polygons=OLD_POLYGON)])

    assert field.ids == (1, 2)
    assert field.gains(Position(0, 0.005), is_geo=True) == pytest.approx([0.5340, 1.0], abs=1e-4)


def test_a_speaker_without_a_shape_is_nowhere():
    field = SpeakerField.of([zone(polygons=())])

    assert field.gains(Position(0, 0.5), is_geo=True) == pytest.approx([0.2])
    assert field.metres_outside(Position(0, 0.5)).tolist() == [float("inf")]


def test_metres_outside_are_none_inside():
    field = SpeakerField.of([zone()])

    assert field.metres_outside(Position(0, 0.5)).tolist() == [0]
    assert field.metres_outside(Position(0, -0.001)) == pytest.approx([111.32], abs=0.01)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (Position(0.1, -0.1), True),
        (Position(-0.3703, 0.0435), True),
        (Position(-0.1, 0.1), False),
        (None, True),
    ],
)
def test_the_range_is_measured_from_the_nearest_shape(position, expected):
    field = SpeakerField.of([zone(1, polygons=()), zone(2, polygons=OLD_POLYGON)])

    assert is_in_range(field, position, is_geo=True, out_of_range_metres=1000) is expected


def test_without_geo_listening_everywhere_is_in_range():
    assert is_in_range(SpeakerField.of([zone()]), Position(50, 50), is_geo=False, out_of_range_metres=1000)


def test_without_speakers_nowhere_is_in_range():
    assert not is_in_range(SpeakerField.of([]), Position(0, 0), is_geo=True, out_of_range_metres=1000)
