"""What people record during a visit, and the envelopes that it goes into."""

import io
import wave

from tests.backend.decoding.recordings import tone
from tests.cast import FAR_AWAY, INSIDE
from tests.parity.scenario import (
    File,
    GraphQL,
    Refused,
    Rest,
    Scenario,
    forbidden,
    unknown_within,
)


def _recording() -> bytes:
    into = io.BytesIO()
    with wave.open(into, "wb") as file:
        file.setparams((1, 2, 44_100, 0, "NONE", ""))
        file.writeframes(tone(440, seconds=0.2).tobytes())
    return into.getvalue()


RECORDING = File("street.wav", _recording())
TEXT = File("poem.txt", b"Hello.")
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
        "uploads a text that they keep to themselves",
        Rest(
            "PATCH envelopes/{envelope}/",
            {"file": TEXT, **INSIDE, "mediatype": "text", "submitted": "false"},
            "multipart",
        ),
        GraphQL(
            "uploadAsset",
            {"file": TEXT, "envelopeId": "{envelope}", **INSIDE, "mediaType": "TEXT", "submitted": False},
        ),
    ),
    Scenario(
        "contributor",
        "uploads a recording with a tag of another project",
        Rest("POST assets/", {"file": RECORDING, "envelope_ids": "{envelope}", "tags": "{foreign_tag}"}, "multipart"),
        GraphQL("uploadAsset", {"file": RECORDING, "envelopeId": "{envelope}", "tagIds": ["{foreign_tag}"]}),
        Refused(code="INVALID_INPUT", field="tag_ids", status=400, key="tag_ids", leaves=ON_RECORD),
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

SCENARIOS = [*ENVELOPES, *UPLOADS]
