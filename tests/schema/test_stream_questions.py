"""Why a recording plays, or not."""

import pytest

from backend.bus.codec import Topic
from backend.bus.commands import ExplainAsset
from backend.bus.replies import AssetExplanation, Reason
from backend.listening import inquiry
from backend.listening.models import Stream
from schema.ids import global_id
from tests.cast import make_session
from tests.schema.asking import ask, data

QUERY = """query ($stream: ID!, $asset: ID!) {
  explainAsset(streamId: $stream, assetId: $asset) { playable reasons { rule passed detail } }
}"""


@pytest.fixture
def asked(walk, cast):
    stream = Stream.objects.create(session=make_session(walk.project, cast.contributor))
    return {"stream": global_id("Stream", stream.pk), "asset": global_id("Asset", walk.asset.pk)}


@pytest.mark.parametrize("is_near", [True, False])
def test_all_rules_are_told_and_what_follows_from_them(walk, cast, recording_bus, asked, is_near):
    reasons = (Reason("known", True, "It is here."), Reason("near", is_near, "It is 20 m away."))

    def answer(envelope):
        question = envelope.message
        if isinstance(question, ExplainAsset):
            recording_bus.answer(envelope, AssetExplanation(question.stream_id, question.asset_id, True, reasons))

    recording_bus.listen([Topic.COMMANDS], answer)
    assert data(QUERY, cast.contributor, **asked)["explainAsset"] == {
        "playable": is_near,
        "reasons": [
            {"rule": "known", "passed": True, "detail": "It is here."},
            {"rule": "near", "passed": is_near, "detail": "It is 20 m away."},
        ],
    }


def test_an_engine_that_is_away_is_an_error_with_a_code(cast, asked, monkeypatch):
    monkeypatch.setattr(inquiry, "DEADLINE_SECONDS", 0.01)
    (error,) = ask(QUERY, cast.contributor, **asked)["errors"]
    assert error["extensions"]["code"] == "ENGINE_UNAVAILABLE"


def test_a_stranger_learns_nothing(cast, asked, recording_bus):
    (error,) = ask(QUERY, cast.stranger, **asked)["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("NOT_FOUND", "streamId")
    assert recording_bus.sent == []
