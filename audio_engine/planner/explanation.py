"""Why an asset plays for a session now, or does not: every rule of choosing, asked of this asset alone."""

from collections.abc import Iterator

import numpy as np

from audio_engine.planner.director import Director, Moment, ban_granules
from audio_engine.planner.ensemble import Ensemble
from audio_engine.planner.grid import seconds_of
from audio_engine.planner.memory import LONG_AGO
from audio_engine.planner.whereabouts import whereabouts
from audio_engine.soundscape import RepeatMode, TimedPriority, Track
from backend.bus.replies import Reason
from backend.hearing.assets import NO_LANGUAGE
from backend.hearing.eligibility import Obstacle
from backend.ids import AssetId


def explain(asset_id: AssetId, *, director: Director, ensemble: Ensemble, moment: Moment) -> tuple[Reason, ...]:
    """In the order in which the rules are asked; of the tracks, that one speaks which most nearly plays the asset."""
    index = director.soundscape.assets.index_of(asset_id)
    if index is None:
        return (Reason("known", False, f"The project has no recording {asset_id}."),)
    known = Reason("known", True, f"The project has a recording {asset_id}.")
    listener = _listener_reasons(director, index)
    stream = _stream_reasons(director, ensemble, asset_id)
    return (known, *listener, *stream, *_track_reasons(director, index, moment), _set_aside(director, index, moment))


def _listener_reasons(director: Director, index: int) -> Iterator[Reason]:
    """What lies between the asset and this listener."""
    soundscape, listener = director.soundscape, director.prospects.listener
    obstacles = Obstacle(int(director.prospects.obstacles[index]))
    language = int(soundscape.assets.language_ids[index])
    start, end = soundscape.assets.start_seconds[index], soundscape.assets.end_seconds[index]
    demands = soundscape.tag_rule.listener_demands(listener.tag_ids)
    for rule, obstacle, detail in (
        ("submitted", Obstacle.NOT_SUBMITTED, "It is {}submitted."),
        ("playable", Obstacle.NOT_PLAYABLE, f"It is {{}}audio that sounds: {end - start:.1f} s of it may be heard."),
        (
            "language",
            Obstacle.OTHER_LANGUAGE,
            f"Its language ({language if language != NO_LANGUAGE else 'none'}) is {{}}heard by this listener, whose "
            f"language is {listener.language_id or 'any'}.",
        ),
        ("tags", Obstacle.OTHER_TAGS, f"It does {{}}carry a tag of each set: {_sets(demands) or 'there is none'}."),
        ("blocked", Obstacle.BLOCKED, "It is {}free of the listener's blocks."),
    ):
        passed = not obstacles & obstacle
        yield Reason(rule, passed, detail.format("" if passed else "not "))
    yield Reason("near", director.prospects.is_near(index), whereabouts(soundscape, listener, index))


def _stream_reasons(director: Director, ensemble: Ensemble, asset_id: AssetId) -> Iterator[Reason]:
    """What the stream does now."""
    metres = director.soundscape.out_of_range_metres
    is_in_range, is_paused = ensemble.is_in_range, ensemble.is_paused
    yield Reason("out_of_range", is_in_range, f"{'A' if is_in_range else 'No'} speaker is within {metres:g} m.")
    yield Reason("paused", not is_paused, f"The stream is {'' if is_paused else 'not '}paused.")
    track = ensemble.track_playing(asset_id)
    detail = "No track plays it." if track is None else f"Track {track.id} plays it, or is about to."
    yield Reason("busy", track is None, detail)


def _track_reasons(director: Director, index: int, moment: Moment) -> list[Reason]:
    active = [track for track in director.soundscape.tracks if track.is_active]
    if not active:
        return [Reason("track_active", False, "The project has no active track.")]
    judgements = [list(_judgement(director, track, index, moment)) for track in active]
    return min(judgements, key=lambda reasons: sum(not reason.passed for reason in reasons))


def _judgement(director: Director, track: Track, index: int, moment: Moment) -> Iterator[Reason]:
    """What one track says."""
    yield Reason("track_active", True, f"Track {track.id} is active.")
    tags = f"the tags {_numbers(track.tag_ids)} alone" if track.tag_ids else "all tags"
    yield Reason("track_tags", director.prospects.is_admitted(track, index), f"Track {track.id} plays {tags}.")
    timing = director.timings(moment.elapsed_seconds).get(index)
    is_discarded = director.prospects.is_discarded(track, index)
    when = "It is not its time."
    if timing is not None:
        when = (
            f"Its time is {timing.start_seconds:g} to {timing.end_seconds:g} s, and it is {moment.elapsed_seconds:.1f}."
        )
    yield Reason("timed", not is_discarded, f"{when} {_of_priority(director.timed_priority(track))}")
    yield _time_ban(director, track, index, moment)
    yield _proximity_ban(director, track, index, moment, is_timed=timing is not None and not is_discarded)


def _of_priority(priority: TimedPriority) -> str:
    return f"The track's priority of timed assets is {priority.value}."


def _time_ban(director: Director, track: Track, index: int, moment: Moment) -> Reason:
    ban, last = ban_granules(track), int(director.memory.last_started[index])
    passed = bool(director.memory.are_rested(np.array([index]), ban=ban, granule=moment.granule)[0])
    ago = (
        "It was not played yet" if last == LONG_AGO else f"It was played {seconds_of(moment.granule - last):.1f} s ago"
    )
    return Reason("time_ban", passed, f"{ago}; track {track.id} does not repeat within {seconds_of(ban):.0f} s.")


def _proximity_ban(director: Director, track: Track, index: int, moment: Moment, *, is_timed: bool) -> Reason:
    if not director.memory.is_heard[index]:
        return Reason("proximity_ban", True, "It was not heard here.")
    fit = director.fit(director.untimed(track, moment), track, moment)
    left = int(np.count_nonzero(~director.memory.is_heard[fit]))
    repeats = director.soundscape.repeat_mode is RepeatMode.CONTINUOUS
    mode = f"the project repeats when all is heard (left: {left})" if repeats else "the project does not repeat"
    return Reason("proximity_ban", is_timed or (repeats and not left), f"It was heard here, and {mode}.")


def _set_aside(director: Director, index: int, moment: Moment) -> Reason:
    passed = bool(director.memory.are_at_hand(np.array([index]), granule=moment.granule)[0])
    seconds = seconds_of(int(director.memory.aside_until[index]) - moment.granule)
    return Reason(
        "set_aside", passed, "Its sound can be had." if passed else f"No sound: it is put off for {seconds:.0f} s."
    )


def _sets(demands: tuple[frozenset[int], ...]) -> str:
    return "; ".join(f"one of {_numbers(tags)}" for tags in demands)


def _numbers(ids: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(ids)))
