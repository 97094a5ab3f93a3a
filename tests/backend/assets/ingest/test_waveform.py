import numpy as np
import pytest

from backend.assets.ingest.waveform import Outline


def outline_of(sound, *, pieces=1):
    outline = Outline(len(sound))
    step = outline.samples_per_pixel * -(-len(sound) // outline.samples_per_pixel // pieces)
    for begin in range(0, len(sound), step):
        outline.add(sound[begin : begin + step])
    return outline.waveform()


def test_each_pixel_has_its_lowest_and_its_highest_sample():
    sound = np.array([[0], [256], [-256], [32_767], [-32_768], [-1], [255]], np.int16)
    assert outline_of(sound) == {
        "version": 2,
        "channels": 1,
        "sample_rate": 44_100,
        "samples_per_pixel": 2,
        "bits": 8,
        "length": 4,
        "data": [0, 1, -1, 127, -128, -1, 0, 0],
    }


def test_two_channels_are_drawn_as_their_mean():
    sound = np.array([[1_024, 0], [0, -2_048]], np.int16)
    assert outline_of(sound)["data"] == [-4, 2]


@pytest.mark.parametrize("frames", [1, 2, 999, 1_000, 2_001, 44_100, 1_000_003])
def test_there_are_at_most_a_thousand_points_and_they_cover_all(frames):
    waveform = outline_of(np.ones((frames, 1), np.int16))
    assert waveform["length"] <= 1_000
    assert len(waveform["data"]) == 2 * waveform["length"]
    assert 0 <= waveform["length"] * waveform["samples_per_pixel"] - frames < waveform["samples_per_pixel"]


@pytest.mark.parametrize("pieces", [2, 3, 7])
def test_a_sound_in_pieces_has_the_outline_of_the_whole(pieces):
    sound = np.random.default_rng(1).integers(-32_768, 32_768, (100_000, 2)).astype(np.int16)
    assert outline_of(sound, pieces=pieces) == outline_of(sound)
