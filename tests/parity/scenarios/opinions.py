"""What people think, note and have heard during a visit."""

from tests.cast import INSIDE
from tests.parity.scenario import GraphQL, Rest, Scenario, forbidden, invalid, unknown, unknown_within

WHEN = "2026-01-02T03:04:05+00:00"

VOTES = [
    Scenario(
        "contributor",
        "likes a recording",
        Rest("POST assets/{heard_asset}/votes/", {"session_id": "{visit}", "vote_type": "like"}),
        GraphQL("voteAsset", {"sessionId": "{visit}", "assetId": "{heard_asset}", "voteType": "LIKE"}),
    ),
    Scenario(
        "contributor",
        "likes a recording again, and so no longer",
        Rest("POST votes/", {"session_id": "{visit}", "asset_id": "{asset}", "type": "like"}),
        GraphQL("voteAsset", {"sessionId": "{visit}", "assetId": "{asset}", "voteType": "LIKE"}),
    ),
    Scenario(
        "contributor",
        "gives a recording a mark",
        Rest("POST assets/{heard_asset}/votes", {"session": "{visit}", "vote_type": "rate", "value": "4"}, "multipart"),
        GraphQL("voteAsset", {"sessionId": "{visit}", "assetId": "{heard_asset}", "voteType": "RATE", "value": 4}),
    ),
    Scenario(
        "contributor",
        "likes a recording that is not there",
        Rest("POST votes/", {"session_id": "{visit}", "asset_id": 999_999, "vote_type": "like"}),
        GraphQL("voteAsset", {"sessionId": "{visit}", "assetId": "999999", "voteType": "LIKE"}),
        unknown_within("asset_id", "asset_id"),
    ),
    Scenario(
        "owner",
        "votes in the contributor's visit",
        Rest("POST assets/{heard_asset}/votes/", {"session_id": "{visit}", "vote_type": "like"}),
        GraphQL("voteAsset", {"sessionId": "{visit}", "assetId": "{heard_asset}", "voteType": "LIKE"}),
        forbidden("session_id", "session_id"),
    ),
    Scenario(
        "contributor",
        "changes a mark",
        Rest("PATCH votes/{vote}/", {"value": 2}),
        GraphQL("updateVote", {"id": "{vote}", "value": 2}),
    ),
    Scenario("contributor", "takes a vote back", Rest("DELETE votes/{vote}/"), GraphQL("deleteVote", {"id": "{vote}"})),
    Scenario(
        "stranger",
        "takes the contributor's vote back",
        Rest("DELETE votes/{vote}/"),
        GraphQL("deleteVote", {"id": "{vote}"}),
        unknown("id"),
    ),
]

EVENTS = [
    Scenario(
        "contributor",
        "notes an event with all that can be said of it",
        Rest(
            "POST events/",
            {
                "session_id": "{visit}",
                "event_type": "start_record",
                "client_time": WHEN,
                **INSIDE,
                "tag_ids": "{tag},{other_tag}",
                "data": "x",
            },
        ),
        GraphQL(
            "logEvent",
            {
                "sessionId": "{visit}",
                "eventType": "start_record",
                "clientTime": WHEN,
                **INSIDE,
                "tagIds": ["{tag}", "{other_tag}"],
                "data": "x",
            },
        ),
    ),
    Scenario(
        "contributor",
        "notes an event without any details",
        Rest("POST events/", {"session_id": "{visit}", "event_type": "client_error"}, "multipart"),
        GraphQL("logEvent", {"sessionId": "{visit}", "eventType": "client_error"}),
    ),
    Scenario(
        "stranger",
        "notes an event in the contributor's visit",
        Rest("POST events/", {"session_id": "{visit}", "event_type": "x"}),
        GraphQL("logEvent", {"sessionId": "{visit}", "eventType": "x"}),
        unknown_within("session_id", "session_id"),
    ),
    Scenario(
        "contributor", "deletes an event", Rest("DELETE events/{event}/"), GraphQL("deleteEvent", {"id": "{event}"})
    ),
]

HEARD = [
    Scenario(
        "contributor",
        "tells what they heard, when and for how long",
        Rest(
            "POST listenevents/",
            {"session_id": "{visit}", "asset_id": "{heard_asset}", "start_time": WHEN, "duration_in_seconds": 2.5},
        ),
        GraphQL(
            "createListenEvent",
            {"session": "{visit}", "asset": "{heard_asset}", "startedAt": WHEN, "durationSeconds": 2.5},
        ),
    ),
    Scenario(
        "contributor",
        "tells what they heard just now",
        Rest("POST listenevents", {"session": "{visit}", "asset": "{heard_asset}"}, "multipart"),
        GraphQL("createListenEvent", {"session": "{visit}", "asset": "{heard_asset}"}),
    ),
    Scenario(
        "contributor",
        "tells how long they heard it",
        Rest("PATCH listenevents/{listen_event}/", {"duration_in_seconds": "3.5"}, "multipart"),
        GraphQL("updateListenEvent", {"id": "{listen_event}", "durationSeconds": 3.5}),
    ),
    Scenario(
        "contributor",
        "tells that they heard it for less than no time",
        Rest("PATCH listenevents/{listen_event}/", {"duration_in_seconds": -1}),
        GraphQL("updateListenEvent", {"id": "{listen_event}", "durationSeconds": -1}),
        invalid("duration_seconds", "duration_in_seconds"),
    ),
    Scenario(
        "stranger",
        "tells how long the contributor heard it",
        Rest("PATCH listenevents/{listen_event}/", {"duration_in_seconds": 3.5}),
        GraphQL("updateListenEvent", {"id": "{listen_event}", "durationSeconds": 3.5}),
        unknown("id"),
    ),
    Scenario(
        "contributor",
        "takes back what they heard",
        Rest("DELETE listenevents/{listen_event}/"),
        GraphQL("deleteListenEvent", {"id": "{listen_event}"}),
    ),
]

SCENARIOS = [*VOTES, *EVENTS, *HEARD]
