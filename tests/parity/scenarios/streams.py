"""Streams are opened, listened to and closed."""

from tests.cast import FAR_AWAY, INSIDE
from tests.parity.scenario import GraphQL, Rest, Scenario, forbidden, invalid, unknown, unknown_within

MOVED = {"latitude": 60.171, "longitude": 24.941}

OPENINGS = [
    Scenario(
        "contributor",
        "opens a stream in range",
        Rest("POST streams/", {"session_id": "{new_visit}", **INSIDE}),
        GraphQL("openStream", {"sessionId": "{new_visit}", **INSIDE}),
    ),
    Scenario(
        "contributor",
        "opens a stream out of range",
        Rest("POST streams/", {"session_id": "{new_visit}", **FAR_AWAY}, "multipart"),
        GraphQL("openStream", {"sessionId": "{new_visit}", **FAR_AWAY}),
    ),
    Scenario(
        "contributor",
        "opens a stream with chosen tags and quality",
        Rest(
            "POST streams/",
            {"session_id": "{new_visit}", **INSIDE, "tag_ids": "{tag},{other_tag}", "audio_stream_bitrate": "96"},
        ),
        GraphQL(
            "openStream", {"sessionId": "{new_visit}", **INSIDE, "tagIds": ["{tag}", "{other_tag}"], "bitrate": 96}
        ),
    ),
    Scenario(
        "contributor",
        "opens a stream of a visit by place at no place",
        Rest("POST streams/", {"session_id": "{new_visit}"}),
        GraphQL("openStream", {"sessionId": "{new_visit}"}),
        invalid("latitude", "latitude"),
    ),
    Scenario(
        "contributor",
        "opens a stream of a visit without place",
        Rest("POST streams/", {"session_id": "{flat_visit}"}),
        GraphQL("openStream", {"sessionId": "{flat_visit}"}),
    ),
    Scenario(
        "contributor",
        "opens a stream that is not offered",
        Rest(
            "POST streams/",
            {"session_id": "{new_visit}", **INSIDE, "audio_format": "opus", "audio_stream_bitrate": "320"},
        ),
        GraphQL("openStream", {"sessionId": "{new_visit}", **INSIDE, "format": "OPUS", "bitrate": 320}),
        invalid("bitrate", "audio_stream_bitrate"),
    ),
    Scenario(
        "contributor",
        "opens a stream that is open, and so moves",
        Rest("POST streams/", {"session_id": "{visit}", **MOVED, "tag_ids": ["{tag}"]}),
        GraphQL("openStream", {"sessionId": "{visit}", **MOVED, "tagIds": ["{tag}"]}),
    ),
    Scenario(
        "contributor",
        "opens a stream that had ended",
        Rest("POST streams/", {"session_id": "{ended_visit}", **INSIDE}),
        GraphQL("openStream", {"sessionId": "{ended_visit}", **INSIDE}),
    ),
    Scenario(
        "owner",
        "opens the stream of the contributor",
        Rest("POST streams/", {"session_id": "{new_visit}", **INSIDE}),
        GraphQL("openStream", {"sessionId": "{new_visit}", **INSIDE}),
        forbidden("session_id", "session_id"),
    ),
    Scenario(
        "stranger",
        "opens the stream of the contributor",
        Rest("POST streams/", {"session_id": "{new_visit}", **INSIDE}),
        GraphQL("openStream", {"sessionId": "{new_visit}", **INSIDE}),
        unknown_within("session_id", "session_id"),
    ),
]

CHANGES = [
    Scenario(
        "contributor",
        "moves",
        Rest("PATCH streams/{visit}/", MOVED, "multipart"),
        GraphQL("moveListener", {"streamId": "{stream}", **MOVED}),
    ),
    Scenario(
        "contributor",
        "moves and aims",
        Rest("PATCH streams/{visit}", {**MOVED, "listener_heading": -90, "listen_width": 30, "listener_range_max": 50}),
        GraphQL("moveListener", {"streamId": "{stream}", **MOVED, "heading": -90, "width": 30, "rangeMax": 50}),
    ),
    Scenario(
        "contributor",
        "moves off the earth",
        Rest("PATCH streams/{visit}/", {"latitude": 91, "longitude": 0}),
        GraphQL("moveListener", {"streamId": "{stream}", "latitude": 91, "longitude": 0}),
        invalid("latitude", "latitude"),
    ),
    Scenario(
        "stranger",
        "moves the contributor",
        Rest("PATCH streams/{visit}/", MOVED),
        GraphQL("moveListener", {"streamId": "{stream}", **MOVED}),
        unknown("stream_id"),
    ),
    Scenario(
        "contributor",
        "chooses tags",
        Rest("PATCH streams/{visit}/", {"tag_ids": "{tag},{other_tag},"}),
        GraphQL("filterTags", {"streamId": "{stream}", "tagIds": ["{tag}", "{other_tag}"]}),
    ),
    Scenario(
        "contributor",
        "chooses a tag twice",
        Rest("PATCH streams/{visit}/", {"tag_ids": "{tag},{tag}"}),
        GraphQL("filterTags", {"streamId": "{stream}", "tagIds": ["{tag}", "{tag}"]}),
    ),
    Scenario(
        "contributor",
        "chooses no tags",
        Rest("PATCH streams/{visit}/", {"tag_ids": ""}, "multipart"),
        GraphQL("filterTags", {"streamId": "{stream}", "tagIds": []}),
    ),
    Scenario(
        "contributor",
        "goes on in Finnish",
        # At the GraphQL door that is no request of a stream, so the stream is one that was just seen.
        Rest("PATCH streams/{paused_visit}/", {"language": "fi"}),
        GraphQL("updateSession", {"id": "{paused_visit}", "language": "{finnish}"}),
    ),
]

PLAYS = [
    Scenario(
        "contributor",
        "plays a recording",
        Rest("POST streams/{visit}/playasset/", {"asset_id": "{heard_asset}"}),
        GraphQL("playAsset", {"streamId": "{stream}", "assetId": "{heard_asset}"}),
    ),
    Scenario(
        "contributor",
        "plays a recording that they blocked",
        Rest("POST streams/{visit}/playasset/", {"asset_id": "{blocked_asset}"}),
        GraphQL("playAsset", {"streamId": "{stream}", "assetId": "{blocked_asset}"}),
        invalid("asset_id", "asset_id", code="ASSET_BLOCKED"),
    ),
    Scenario(
        "contributor",
        "plays a recording that is not there",
        Rest("POST streams/{visit}/playasset/", {"asset_id": 999_999}),
        GraphQL("playAsset", {"streamId": "{stream}", "assetId": "999999"}),
        unknown_within("asset_id", "asset_id"),
    ),
    Scenario(
        "stranger",
        "hears again when nothing was heard",
        Rest("POST streams/{strangers_visit}/replayasset/"),
        GraphQL("replayAsset", {"streamId": "{strangers_stream}"}),
        invalid(None),
    ),
]

VERBS = [
    ("pauses", "pause", "pauseStream"),
    ("skips", "skipasset", "skipAsset"),
    ("hears again what was heard last", "replayasset", "replayAsset"),
    ("is still there", "heartbeat", "heartbeat"),
    ("closes the stream", "kill", "closeStream"),
]
# The sentence, what the old API calls it, the mutation: on the stream that plays.
ON_A_STREAM = [
    Scenario("contributor", does, Rest(f"POST streams/{{visit}}/{verb}/"), GraphQL(mutation, {"streamId": "{stream}"}))
    for does, verb, mutation in VERBS
]
ON_OTHERS = [
    Scenario(
        "contributor",
        "resumes what was paused",
        Rest("POST streams/{paused_visit}/resume/"),
        GraphQL("resumeStream", {"streamId": "{paused_stream}"}),
    ),
    Scenario(
        "contributor",
        "pauses what has ended",
        Rest("POST streams/{ended_visit}/pause/"),
        GraphQL("pauseStream", {"streamId": "{ended_stream}"}),
        invalid("stream_id", "stream_id", code="STREAM_CLOSED"),
    ),
    Scenario(
        "stranger",
        "closes the stream of the contributor",
        Rest("POST streams/{visit}/kill/"),
        GraphQL("closeStream", {"streamId": "{stream}"}),
        unknown("stream_id"),
    ),
]


SCENARIOS = [*OPENINGS, *CHANGES, *PLAYS, *ON_A_STREAM, *ON_OTHERS]
