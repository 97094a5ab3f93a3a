"""Owners say what sounds where, and when."""

from tests.parity.scenario import GraphQL, Rest, Scenario, forbidden, invalid

SQUARE = {
    "type": "MultiPolygon",
    "coordinates": [[[[24.93, 60.16], [24.95, 60.16], [24.95, 60.18], [24.93, 60.18], [24.93, 60.16]]]],
}
BOW_TIE = {"type": "Polygon", "coordinates": [[[24, 60], [25, 61], [25, 60], [24, 61], [24, 60]]]}

SOUNDSCAPE = [
    Scenario(
        "owner",
        "makes a speaker with a shape",
        Rest(
            "POST speakers/",
            {
                "project_id": "{project}",
                "code": "B",
                "activeyn": True,
                "minvolume": 0.1,
                "maxvolume": 0.9,
                "uri": "http://example.org/b.mp3",
                "shape": SQUARE,
                "attenuation_distance": 50,
            },
        ),
        GraphQL(
            "createSpeaker",
            {
                "project": "{project}",
                "code": "B",
                "isActive": True,
                "minVolume": 0.1,
                "maxVolume": 0.9,
                "uri": "http://example.org/b.mp3",
                "shape": SQUARE,
                "attenuationMetres": 50,
            },
        ),
    ),
    Scenario(
        "owner",
        "gives a speaker another shape",
        Rest("PATCH speakers/{speaker}/", {"shape": SQUARE}),
        GraphQL("updateSpeaker", {"id": "{speaker}", "shape": SQUARE}),
    ),
    Scenario(
        "owner",
        "gives a speaker a shape that crosses itself",
        Rest("PATCH speakers/{speaker}/", {"shape": BOW_TIE}),
        GraphQL("updateSpeaker", {"id": "{speaker}", "shape": BOW_TIE}),
        invalid("shape", "shape"),
    ),
    Scenario(
        "owner",
        "takes its shape from a speaker",
        Rest("PATCH speakers/{speaker}/", {"shape": None}),
        GraphQL("updateSpeaker", {"id": "{speaker}", "shape": None}),
    ),
    Scenario(
        "owner", "deletes a speaker", Rest("DELETE speakers/{speaker}/"), GraphQL("deleteSpeaker", {"id": "{speaker}"})
    ),
    Scenario(
        "stranger",
        "deletes a speaker",
        Rest("DELETE speakers/{speaker}/"),
        GraphQL("deleteSpeaker", {"id": "{speaker}"}),
        forbidden(),
    ),
    Scenario(
        "owner",
        "makes a track",
        Rest(
            "POST audiotracks/",
            {
                "project_id": "{project}",
                "minvolume": 0.2,
                "maxvolume": 0.4,
                "minduration": 5,
                "maxduration": 10,
                "mindeadair": 1,
                "maxdeadair": 2,
                "repeatrecordings": True,
                "tag_filters": ["{tag}"],
                "banned_duration": 60,
            },
        ),
        GraphQL(
            "createAudiotrack",
            {
                "project": "{project}",
                "minVolume": 0.2,
                "maxVolume": 0.4,
                "minDurationSeconds": 5,
                "maxDurationSeconds": 10,
                "minDeadAirSeconds": 1,
                "maxDeadAirSeconds": 2,
                "repeatRecordings": True,
                "tagFilters": ["{tag}"],
                "bannedSeconds": 60,
            },
        ),
    ),
    Scenario(
        "owner",
        "gives a track a tag of another project",
        Rest("PATCH audiotracks/{audiotrack}/", {"tag_filters": "{foreign_tag}"}, "multipart"),
        GraphQL("updateAudiotrack", {"id": "{audiotrack}", "tagFilters": ["{foreign_tag}"]}),
        invalid("tag_filters", "tag_filters"),
    ),
    Scenario(
        "owner",
        "deletes a track",
        Rest("DELETE audiotracks/{audiotrack}/"),
        GraphQL("deleteAudiotrack", {"id": "{audiotrack}"}),
    ),
    Scenario(
        "owner",
        "gives a track pauses that end before they begin",
        Rest("PATCH audiotracks/{audiotrack}/", {"mindeadair": 5, "maxdeadair": 2}),
        GraphQL("updateAudiotrack", {"id": "{audiotrack}", "minDeadAirSeconds": 5, "maxDeadAirSeconds": 2}),
        invalid("max_dead_air_seconds", "maxdeadair"),
    ),
    Scenario(
        "owner",
        "plays a recording at its time",
        Rest("POST timedassets/", {"project_id": "{project}", "asset_id": "{heard_asset}", "start": 1, "end": 9}),
        GraphQL(
            "createTimedAsset", {"project": "{project}", "asset": "{heard_asset}", "startSeconds": 1, "endSeconds": 9}
        ),
    ),
    Scenario(
        "owner",
        "ends a recording before it begins",
        Rest("POST timedassets/", {"project_id": "{project}", "asset_id": "{heard_asset}", "start": 9, "end": 1}),
        GraphQL(
            "createTimedAsset", {"project": "{project}", "asset": "{heard_asset}", "startSeconds": 9, "endSeconds": 1}
        ),
        invalid("end_seconds", "end"),
    ),
]

SCENARIOS = [*SOUNDSCAPE]
