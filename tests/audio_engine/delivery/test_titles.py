from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote

import pytest

from audio_engine.delivery.icy import title_block
from audio_engine.delivery.titles import hungry_title, opening_title, title_of
from backend.bus.events import AssetEnded, AssetStarted, StreamPaused
from tests.audio_engine.planner.scenery import PROJECT, STREAM, asset, soundscape

STARTED = AssetStarted(STREAM, PROJECT, "play", 5, 2, datetime(2026, 1, 1, tzinfo=UTC), 0.0, 10.0)
ENDED = AssetEnded(STREAM, PROJECT, "play", 5, 2, 8.0)


def scape(title="Gulls at the quay", **values):
    assets = [asset(5, tag_ids=frozenset({8, 3})), asset(6)]
    return soundscape(assets=assets, **{"name": "Sea walk", "asset_titles": {5: title}, **values})


def never_asked():
    raise AssertionError


def test_a_stream_says_at_first_that_it_has_started_and_whose_it_is():
    assert opening_title(scape()) == "stream_started=True&title=Sea walk"


def test_an_asset_that_starts_is_told_with_its_track_its_tags_and_what_remains():
    text = title_of(STARTED, scape(), remaining=lambda: 4)
    assert text == "audiotrack=2&remaining=4&asset=5&tags=3,8&title=Gulls at the quay"


def test_an_asset_that_has_ended_is_told_as_complete_and_the_projects_name_is_shown_again():
    text = title_of(ENDED, scape(), remaining=lambda: 3)
    assert text == "audiotrack=2&remaining=3&asset=5&complete=True&title=Sea walk"


def test_a_track_that_finds_nothing_is_told_with_what_remains_and_the_projects_name_is_shown():
    assert hungry_title(2, scape(), remaining=3) == "audiotrack=2&remaining=3&title=Sea walk"


def test_an_asset_without_words_or_tags_or_that_has_just_gone_is_told_all_the_same():
    bare = soundscape(assets=[asset(5)], name="Sea walk")
    gone = soundscape(assets=[], name="Sea walk")
    expected = "audiotrack=2&remaining=0&asset=5&tags=&title=Sea walk"
    assert [title_of(STARTED, each, remaining=lambda: 0) for each in (bare, gone)] == [expected, expected]


def test_other_events_change_no_title_and_count_nothing():
    assert title_of(StreamPaused(STREAM, PROJECT), scape(), remaining=never_asked) is None


@pytest.mark.parametrize(
    "title", ["1 + 1 = 2 & more; 100 % #1", "it's; here", "';StreamUrl='http://evil/", "yö meren äärellä", "a&asset=6"]
)
def test_the_words_come_back_whole_for_who_parses_and_stay_within_their_quotes(title):
    text = title_of(STARTED, scape(title), remaining=lambda: 0)
    assert parse_qs(text)["title"] == [title]
    assert parse_qs(text)["asset"] == ["5"]
    block = title_block(text)[1:].rstrip(b"\0").decode()
    assert block.count("'") == 2
    assert unquote(block).endswith(f"title={title}';")


def test_lines_and_spaces_become_one_space():
    assert title_of(ENDED, scape(name="Sea\r\n  walk"), remaining=lambda: 0).endswith("title=Sea walk")
