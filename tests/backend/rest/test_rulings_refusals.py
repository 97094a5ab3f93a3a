"""Rulings on what is refused: with a sentence where the old server failed, leaked or looked away; nothing changes."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.backend.rest.conftest import Caller
from tests.backend.rest.rulings import in_world, ruling
from tests.backend.rest.world import World
from tests.fakes import RecordingBus
from tests.unchanged import nothing_changes


class Refusal(NamedTuple):
    """What somebody sends, the status, and all that they are told."""

    topic: str
    who: str
    call: str
    sent: Any
    status: int
    told: dict[str, Any]


NOT_FOUND = {"detail": "Not found."}
NO_TOKEN = {"detail": "Authentication credentials were not provided."}
NO_SESSION = {"session_id": ["Session not found."]}
MISSING_SESSION = {"session_id": ["This field is required."]}
NO_FLAG = ["Must be a valid boolean."]
NO_ID = ["A valid integer is required."]
NO_TYPE = {"vote_type": ["vote_type must be one of like, flag, rate, block_asset, block_user."]}
NO_PERIOD = {"start_time__range": ["Must be one of today, yesterday, week, month, year."]}
EDITORS = ["Only an owner of the project may change this."]
BOTH_OR_NONE = {"detail": "Request must include either 'file' or 'uri', but not both."}
IN_SESSION = {"session_id": "{session}"}


def not_allowed(method: str) -> dict[str, str]:
    return {"detail": f'Method "{method}" not allowed.'}


def no_choice(field: str, value: str = "zzz") -> dict[str, list[str]]:
    return {field: [f"Select a valid choice. {value} is not one of the available choices."]}


def may_not(what: str) -> dict[str, str]:
    return {"detail": f"You may not change this {what}."}


REFUSALS = [
    Refusal("PUT", "curator", "PUT tags/{tag}/", {"value": "x"}, 405, not_allowed("PUT")),
    Refusal("PUT", "contributor", "PUT listenevents/{listen_event}", {}, 405, not_allowed("PUT")),
    Refusal("Missing token", "nobody", "GET envelopes/", None, 401, NO_TOKEN),
    Refusal("Missing token", "nobody", "PATCH users/{contributor}/", {"first_name": "Ada"}, 401, NO_TOKEN),
    Refusal("Who may write", "contributor", "POST tags/", {"value": "x", "tag_category_id": "{category}"}, 403,
            may_not("tag")),
    Refusal("Who may write", "contributor", "PATCH projects/{project}/", {"name": "x"}, 403, may_not("project")),
    Refusal("Who may write", "contributor", "DELETE uiitems/{ui_item}/", None, 403, may_not("UI item")),
    Refusal("Who may write", "owner", "POST languages/", {"language_code": "sv"}, 403, may_not("language")),
    Refusal("Others' rows", "stranger", "PATCH assets/{asset}/", {"description": "x"}, 403, may_not("asset")),
    Refusal("Others' rows", "stranger", "DELETE assets/{asset}/", None, 403, may_not("asset")),
    Refusal("Others' rows", "stranger", "PATCH votes/{rate}/", {"value": 1}, 404, NOT_FOUND),
    Refusal("Others' rows", "stranger", "DELETE votes/{like}/", None, 404, NOT_FOUND),
    Refusal("Others' rows", "stranger", "PATCH listenevents/{listen_event}", {"duration_in_seconds": 1}, 404,
            NOT_FOUND ),
    Refusal("Others' sessions", "stranger", "GET sessions/{session}/", None, 404, NOT_FOUND),
    Refusal("Others' sessions", "stranger", "POST envelopes/", IN_SESSION, 400, NO_SESSION),
    Refusal("Others' sessions", "stranger", "POST events/", {**IN_SESSION, "event_type": "x"}, 400, NO_SESSION),
    Refusal("Others' sessions", "stranger", "POST listenevents/", {**IN_SESSION, "asset": "{asset}"}, 400, NO_SESSION),
    Refusal("Others' sessions", "stranger", "POST votes/", {**IN_SESSION, "asset": "{asset}", "type": "like"}, 400,
            NO_SESSION),
    Refusal("Others' sessions", "owner", "GET assets/blocked/?session_id={session}", None, 403,
            {"session_id": ["This is somebody else's visit."]}),
    Refusal("An unknown id in the address", "contributor", "GET assets/{missing}/", None, 404, NOT_FOUND),
    Refusal("An unknown id in the address", "contributor", "GET assets/abc/", None, 404, NOT_FOUND),
    Refusal("An unknown id in the address", "contributor", "PATCH envelopes/{missing}/", {"asset_id": 1}, 404,
            NOT_FOUND ),
    Refusal("An unknown id in the body", "contributor", "POST envelopes/", {"session_id": "{missing}"}, 400,
            NO_SESSION ),
    Refusal("An unknown id in the body", "contributor", "PATCH envelopes/{envelope}/", {"asset_id": "{missing}"}, 400,
            {"asset_id": ["Asset not found."]}),
    Refusal("An unknown id in the body", "contributor", "PATCH assets/{asset}/", {"envelope_ids": ["{missing}"]}, 400,
            {"envelope_ids": ["Envelope not found."]}),
    Refusal("An unknown id in the body", "contributor", "PATCH assets/{asset}/", {"tag_ids": "{missing}"}, 400,
            {"tag_ids": ["Tag not found."]}),
    Refusal("A bad value of a filter", "contributor", "GET listenevents/?session=x", None, 400, {"session": NO_ID}),
    Refusal("A bad value of a filter", "contributor", "GET votes/?type=zzz", None, 400, no_choice("type")),
    Refusal("A bad value of a filter", "contributor", "GET projects/{project}/assets/?submitted=perhaps", None, 400,
            {"submitted": NO_FLAG}),
    Refusal("A bad value of a filter", "contributor", "GET assets/random/?media_type=zzz", None, 400,
            no_choice("media_type")),
    Refusal("Pages", "contributor", "GET tags/?paginate=perhaps", None, 400, {"paginate": NO_FLAG}),
    Refusal("`session_id` where texts are read", "contributor", "GET tags/?session_id={missing}", None, 404, NOT_FOUND),
    Refusal("`session_id` where texts are read", "contributor",
            "GET projects/{project}/uiconfig/?session_id={missing}", None, 404, NOT_FOUND),
    Refusal("`GET users/`", "owner", "GET users/", None, 403,
            {"detail": "You do not have permission to perform this action."}),
    Refusal("`GET users/`", "stranger", "GET users/{contributor}/", None, 404, NOT_FOUND),
    Refusal("`PATCH users/:id/`", "stranger", "PATCH users/{contributor}", {"first_name": "Ada"}, 404, NOT_FOUND),
    Refusal("`login/`", "nobody", "POST login/", {"username": "curator", "password": "guess"}, 400,
            {"non_field_errors": ["Unable to log in with provided credentials."]}),
    Refusal("Sessions: what is needed", "contributor", "POST sessions/", {"client_system": "x"}, 400,
            {"project_id": ["This field is required."]}),
    Refusal("Sessions: language", "contributor", "POST sessions/",
            {"project": "{project}", "language_id": "{missing}"}, 400, {"language_id": ["Language not found."]}),
    Refusal("Assets: `tag_ids`", "contributor", "GET assets/?tag_ids=1,x", None, 400, {"tag_ids": NO_ID}),
    Refusal("Assets of a project", "contributor", "GET projects/{missing}/assets/", None, 404, NOT_FOUND),
    Refusal("Assets at random", "contributor", "GET assets/random/?limit=x", None, 400,
            {"limit": ["A valid number is required."]}),
    Refusal("Assets at random", "contributor", "GET assets/random/?limit=-1", None, 400,
            {"limit": ["Must not be negative."]}),
    Refusal("Assets: `weight` and `volume`", "owner", "PATCH assets/{asset}/", {"weight": 100}, 400,
            {"weight": ["Must be between 0 and 99."]}),
    Refusal("Assets: `weight` and `volume`", "contributor", "PATCH assets/{asset}/", {"volume": 9}, 403,
            {"volume": EDITORS}),
    Refusal("Assets: half a place", "contributor", "PATCH assets/{asset}/", {"latitude": None}, 400,
            {"detail": "Latitude and longitude go together."}),
    Refusal("Blocked assets", "contributor", "GET assets/blocked/", None, 400,
            {"detail": "session_id parameter is required"}),
    Refusal("Blocked assets", "contributor", "GET assets/blocked/?session_id={missing}", None, 404, NOT_FOUND),
    Refusal("Envelopes: PATCH of nothing", "contributor", "PATCH envelopes/{envelope}/", {"session_id": 1}, 400,
            {"detail": "asset_id or file required"}),
    Refusal("Envelopes: DELETE", "stranger", "DELETE envelopes/{envelope}/", None, 403, may_not("envelope")),
    Refusal("Votes: what is wrong", "contributor", "POST assets/{asset}/votes/", {"vote_type": "like"}, 400,
            MISSING_SESSION ),
    Refusal("Votes: what is wrong", "contributor", "POST assets/{asset}/votes/", IN_SESSION, 400,
            {"vote_type": ["This field is required."]}),
    Refusal("Votes: what is wrong", "contributor", "POST assets/{asset}/votes/", {**IN_SESSION, "vote_type": "zzz"},
            400, NO_TYPE),
    Refusal("Votes: what is wrong", "contributor", "POST votes/",
            {**IN_SESSION, "asset_id": "{missing}", "type": "like"}, 400, {"asset_id": ["Asset not found."]}),
    Refusal("Votes: on an unknown asset", "contributor", "POST assets/{missing}/votes/",
            {**IN_SESSION, "vote_type": "like"}, 404, NOT_FOUND),
    Refusal("Votes: summary", "contributor", "GET votes/summary/?type=zzz", None, 400, no_choice("type")),
    Refusal("Audiotracks: pan", "owner", "PATCH audiotracks/{audiotrack}/", {"minpanpos": -1.5}, 400,
            {"minpanpos": ["Must be between -1 and 1."]}),
    Refusal("Events: what is needed", "contributor", "POST events/", {"event_type": "x"}, 400, MISSING_SESSION),
    Refusal("Events: what is needed", "contributor", "POST events/", IN_SESSION, 400,
            {"event_type": ["This field is required."]}),
    Refusal("Languages: the same code again", "curator", "POST languages/", {"language_code": "FI"}, 400,
            {"language_code": ["Language with this Code already exists."]}),
    Refusal("Languages: English", "curator", "PATCH languages/{english}/", {"name": "x"}, 403, may_not("language")),
    Refusal("Languages: English", "curator", "DELETE languages/{english}/", None, 403, may_not("language")),
    Refusal("Listen events: a period", "contributor", "GET listenevents/?start_time__range=x", None, 400, NO_PERIOD),
    Refusal("Localised strings: language in a body", "curator", "PATCH localizedstrings/{text}/", {"language": "en"},
            400, {"language_id": NO_ID}),
    Refusal("Projects: one", "contributor", "GET projects/{project}/", None, 400,
            {"detail": "session_id parameter is required"}),
    Refusal("Projects: what is needed", "curator", "POST projects/", {"name": "x", "latitude": 1, "longitude": 2}, 400,
            {"language_ids": ["This field is required."]}),
    Refusal("Projects: `audio_format`", "owner", "PATCH projects/{project}/", {"audio_format": "vorbis"}, 400,
            {"audio_format": ["Must be one of mp3, opus, ogg."]}),
    Refusal("Tags of a project: filters", "contributor", "GET projects/{missing}/tags/", None, 404, NOT_FOUND),
    Refusal("Groups: projects at a place", "contributor", "GET projectgroups/{project_group}/projects/?latitude=1",
            None, 400, {"detail": "Both latitude and longitude parameters are required."}),
    Refusal("Pictures of a project", "contributor", "GET projects/{project}/uielements/", None, 400,
            {"detail": "Variant param is required."}),
    Refusal("Pictures of a project", "contributor", "GET projects/{project}/uielements/?variant=@2x&language_code=xx",
            None, 400, {"language_code": ["Language Code not found"]}),
    Refusal("Speakers: sound", "owner", "POST speakers/", {"project_id": "{project}", "code": "x"}, 400, BOTH_OR_NONE),
    Refusal("Speakers: written by anybody", "contributor", "PATCH speakers/{speaker}/", {"code": "x"}, 403,
            may_not("speaker")),
    Refusal("Tags: without a category", "owner", "POST tags/", {"value": "x", "project_id": "{project}"}, 400,
            {"tag_category_id": ["This field is required."]}),
    Refusal("Tags: DELETE of the list", "curator", "DELETE tags/", None, 405, not_allowed("DELETE")),
    Refusal("Timed assets: end before start", "owner", "PATCH timedassets/{timed_asset}/", {"start": 9}, 400,
            {"end": ["Must not be less than start_seconds."]}),
    Refusal("Streams: address of a new one", "contributor", "POST streams/{session}/", {}, 405, not_allowed("POST")),
    Refusal("Streams: what is wrong", "contributor", "POST streams/", {"session_id": "{missing}"}, 400, NO_SESSION),
    Refusal("Streams: verbs", "contributor", "GET streams/{session}/heartbeat/", None, 405, not_allowed("GET")),
    Refusal("Streams: verbs", "contributor", "POST streams/{new_session}/pause/", {}, 404, NOT_FOUND),
    Refusal("Streams: `playasset/`", "contributor", "POST streams/{session}/playasset/", {"asset_id": "{missing}"},
            400, {"asset_id": ["Asset not found."]}),
    Refusal("Streams: `playasset/`", "contributor", "POST streams/{session}/playasset/", {}, 400,
            {"asset_id": ["This field is required."]}),
]  # fmt: skip


@ruling(*(refusal.topic for refusal in REFUSALS))
def test_it_is_refused_and_nothing_changes(
    world: World, callers: Callable[[str], Caller], recording_bus: RecordingBus, subtests: pytest.Subtests
) -> None:
    with nothing_changes(recording_bus):
        for refusal in REFUSALS:
            with subtests.test(refusal=refusal):
                answer = callers(refusal.who).call(in_world(refusal.call, world), in_world(refusal.sent, world))
                assert (answer.status_code, answer.json()) == (refusal.status, refusal.told)
