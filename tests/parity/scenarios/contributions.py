"""What people record during a visit, and the envelopes that it goes into."""

import io
import wave

from tests.backend.decoding.recordings import tone
from tests.cast import FAR_AWAY, INSIDE
from tests.parity.scenario import File, GraphQL, Refused, Rest, Scenario, forbidden, invalid, unknown, unknown_within


def _recording() -> bytes:
    into = io.BytesIO()
    with wave.open(into, "wb") as file:
        file.setparams((1, 2, 44_100, 0, "NONE", ""))
        file.writeframes(tone(440, seconds=0.2).tobytes())
    return into.getvalue()


RECORDING = File("street.wav", _recording())
UPLOAD_ID = "6a1fd3c8-3c5e-4f6e-9be8-0d1b4c9f7a10"
# An upload that was begun is on record, and why it failed.
ON_RECORD = frozenset({"AssetUpload", "Event"})
NO_AUDIO = Refused(code="UNREADABLE_AUDIO", field="file", status=400, key="file", leaves=ON_RECORD)

ENVELOPES = [
    Scenario(
        "contributor",
        "makes an envelope",
        Rest("POST envelopes/", {"session_id": "{visit}"}),
        GraphQL("createEnvelope", {"session": "{visit}"}),
    ),
    Scenario(
        "contributor",
        "makes an envelope in somebody else's visit",
        Rest("POST envelopes/", {"session_id": "{strangers_visit}"}),
        GraphQL("createEnvelope", {"session": "{strangers_visit}"}),
        unknown_within("session", "session_id"),
    ),
    Scenario(
        "owner",
        "makes an envelope in a visit to their project",
        Rest("POST envelopes/", {"session": "{visit}"}, "multipart"),
        GraphQL("createEnvelope", {"session": "{visit}"}),
    ),
    Scenario(
        "contributor",
        "adds an own recording to an envelope",
        Rest("PATCH envelopes/{new_envelope}/", {"asset_id": "{asset}"}),
        GraphQL("addAssetToEnvelope", {"envelopeId": "{new_envelope}", "assetId": "{asset}"}),
    ),
    Scenario(
        "contributor",
        "adds somebody else's recording to an envelope",
        Rest("PATCH envelopes/{envelope}/", {"asset_id": "{strangers_asset}"}),
        GraphQL("addAssetToEnvelope", {"envelopeId": "{envelope}", "assetId": "{strangers_asset}"}),
        forbidden("asset_id", "asset_id"),
    ),
    Scenario(
        "contributor",
        "adds an own recording to somebody else's envelope",
        Rest("PATCH envelopes/{strangers_envelope}/", {"asset_id": "{asset}"}),
        GraphQL("addAssetToEnvelope", {"envelopeId": "{strangers_envelope}", "assetId": "{asset}"}),
        forbidden("envelope_id", "envelope_id"),
    ),
    Scenario(
        "contributor",
        "deletes an envelope",
        Rest("DELETE envelopes/{envelope}/"),
        GraphQL("deleteEnvelope", {"id": "{envelope}"}),
    ),
]

UPLOADS = [
    Scenario(
        "contributor",
        "uploads a recording with all that they may say of it",
        Rest(
            "POST assets/",
            {
                "file": RECORDING,
                "envelope_ids": "{envelope}",
                **INSIDE,
                "tag_ids": "{tag},{other_tag}",
                "description": "Sea.",
                "language_id": "{finnish}",
                "media_type": "audio",
                "upload_id": UPLOAD_ID,
            },
            "multipart",
        ),
        GraphQL(
            "uploadAsset",
            {
                "file": RECORDING,
                "envelopeId": "{envelope}",
                **INSIDE,
                "tagIds": ["{tag}", "{other_tag}"],
                "description": "Sea.",
                "languageId": "{finnish}",
                "mediaType": "AUDIO",
                "uploadId": UPLOAD_ID,
            },
        ),
    ),
    Scenario(
        "contributor",
        "uploads a recording from far away into an envelope",
        Rest("PATCH envelopes/{envelope}/", {"file": RECORDING, **FAR_AWAY}, "multipart"),
        GraphQL("uploadAsset", {"file": RECORDING, "envelopeId": "{envelope}", **FAR_AWAY}),
    ),
    Scenario(
        "curator",
        "uploads a recording that is heard early and softly",
        Rest(
            "POST assets/",
            {"file": RECORDING, "envelope_id": "{envelope}", "submitted": "true", "weight": "99", "volume": "0.5"},
            "multipart",
        ),
        GraphQL(
            "uploadAsset",
            {"file": RECORDING, "envelopeId": "{envelope}", "submitted": True, "weight": 99, "volume": 0.5},
        ),
    ),
    Scenario(
        "contributor",
        "uploads what is no sound",
        Rest(
            "POST assets/", {"file": File("x.mp3", b"RIFF....WAVEdamaged"), "envelope_ids": "{envelope}"}, "multipart"
        ),
        GraphQL("uploadAsset", {"file": File("x.mp3", b"RIFF....WAVEdamaged"), "envelopeId": "{envelope}"}),
        NO_AUDIO,
    ),
    Scenario(
        "contributor",
        "uploads a recording that shall be heard early",
        Rest("POST assets/", {"file": RECORDING, "envelope_ids": "{envelope}", "weight": 99}, "multipart"),
        GraphQL("uploadAsset", {"file": RECORDING, "envelopeId": "{envelope}", "weight": 99}),
        forbidden("weight", "weight", leaves=ON_RECORD),
    ),
    Scenario(
        "stranger",
        "uploads a recording into the contributor's envelope",
        Rest("PATCH envelopes/{envelope}/", {"file": RECORDING}, "multipart"),
        GraphQL("uploadAsset", {"file": RECORDING, "envelopeId": "{envelope}"}),
        forbidden("envelope_id", "envelope_id"),
    ),
]

ASSETS = [
    Scenario(
        "contributor",
        "describes an own recording and moves it",
        Rest(
            "PATCH assets/{asset}/",
            {"description": "Stones.", "tag_ids": ["{other_tag}"], "latitude": 60.172, "language_id": None},
        ),
        GraphQL(
            "updateAsset",
            {"id": "{asset}", "description": "Stones.", "tags": ["{other_tag}"], "latitude": 60.172, "language": None},
        ),
    ),
    Scenario(
        "contributor",
        "gives an own recording a tag of another project",
        Rest("PATCH assets/{asset}/", {"tag_ids": "{foreign_tag}"}),
        GraphQL("updateAsset", {"id": "{asset}", "tags": ["{foreign_tag}"]}),
        invalid("tags", "tag_ids"),
    ),
    Scenario(
        "contributor",
        "withdraws an own recording",
        Rest("PATCH assets/{asset}/", {"submitted": "false"}, "multipart"),
        GraphQL("updateAsset", {"id": "{asset}", "submitted": False}),
    ),
    Scenario(
        "contributor",
        "pushes an own recording before others",
        Rest("PATCH assets/{asset}/", {"weight": 99}),
        GraphQL("updateAsset", {"id": "{asset}", "weight": 99}),
        forbidden("weight", "weight"),
    ),
    Scenario(
        "contributor",
        "describes somebody else's recording",
        Rest("PATCH assets/{strangers_asset}/", {"description": "Mine."}),
        GraphQL("updateAsset", {"id": "{strangers_asset}", "description": "Mine."}),
        forbidden(),
    ),
    Scenario(
        "contributor",
        "describes a recording that they may not know of",
        Rest("PATCH assets/{strangers_hidden_asset}/", {"description": "Mine."}),
        GraphQL("updateAsset", {"id": "{strangers_hidden_asset}", "description": "Mine."}),
        unknown("id"),
    ),
    Scenario(
        "owner",
        "submits a recording",
        Rest("PATCH assets/{strangers_hidden_asset}/", {"submitted": True}),
        GraphQL("updateAsset", {"id": "{strangers_hidden_asset}", "submitted": True}),
    ),
    Scenario(
        "owner",
        "decides that a recording is not heard",
        Rest("PATCH assets/{asset}/", {"submitted": False}),
        GraphQL("moderateAssets", {"ids": ["{asset}"], "submitted": False}),
    ),
    Scenario(
        "contributor",
        "deletes an own recording",
        Rest("DELETE assets/{asset}/"),
        GraphQL("deleteAsset", {"id": "{asset}"}),
    ),
    Scenario(
        "contributor",
        "deletes somebody else's recording",
        Rest("DELETE assets/{strangers_asset}"),
        GraphQL("deleteAsset", {"id": "{strangers_asset}"}),
        forbidden(),
    ),
]

SCENARIOS = [*ENVELOPES, *UPLOADS, *ASSETS]
