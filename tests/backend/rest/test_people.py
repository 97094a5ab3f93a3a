"""How clients come in: a token for a device, a session for a visit."""

import re
from typing import Any

import pytest

from backend.accounts.actions import issue_token, revoke_token
from backend.accounts.models import Token, User
from backend.projects.models import Language
from backend.visits.models import Session
from tests.backend.rest.conftest import ZONELESS, Caller
from tests.backend.rest.rulings import ruling
from tests.cast import Cast, Walk

DEVICE = "7a1f9c3e5b2d4860a1b2"
ACCOUNT = {"id", "username", "token", "first_name", "last_name", "email", "device_id", "client_type"}
SESSION = {
    "id", "device_id", "starttime", "stoptime", "client_type", "client_system", "demo_stream_enabled",
    "geo_listen_enabled", "timezone", "project_id", "language_id",
}  # fmt: skip


@ruling("`POST users/`: answer")
@pytest.mark.parametrize("path", ["users/", "users"])
@pytest.mark.parametrize("kind", ["json", "multipart"])
def test_a_device_is_given_an_account_and_a_token(nobody: Caller, path: str, kind: str) -> None:
    answer = nobody.post(path, {"device_id": DEVICE, "client_type": "web", "client_system": "iOS"}, kind)
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == ACCOUNT
    assert re.fullmatch("[0-9a-f]{40}", body["token"])
    assert (body["device_id"], body["client_type"], body["email"]) == (DEVICE, "web", "")
    assert User.objects.get(pk=body["id"]).username == body["username"]


@ruling("`POST users/`: what is needed")
def test_the_type_of_the_client_need_not_be_told(nobody: Caller) -> None:
    assert nobody.post("users/", {"device_id": DEVICE}).json()["client_type"] == ""


@ruling("`POST users/`: what is needed")
def test_a_device_must_be_named(nobody: Caller) -> None:
    answer = nobody.post("users/", {"client_type": "web"})
    assert (answer.status_code, list(answer.json())) == (400, ["device_id"])
    assert not User.objects.exists()


@ruling("A known device")
def test_a_known_device_alone_opens_nothing(nobody: Caller) -> None:
    first, second = (nobody.post("users/", {"device_id": DEVICE}).json() for _ in range(2))
    assert first["id"] != second["id"]


@ruling("A known device")
def test_where_the_setting_allows_a_known_device_opens_its_account_again(nobody: Caller, settings: Any) -> None:
    settings.KNOWN_DEVICE_LOGIN = True
    first, second = (nobody.post("users/", {"device_id": DEVICE}).json() for _ in range(2))
    assert first["id"] == second["id"]
    assert first["token"] != second["token"]


def test_a_stale_token_does_not_keep_a_device_out(nobody: Caller) -> None:
    nobody.http.credentials(HTTP_AUTHORIZATION="Token " + "0" * 40)
    assert nobody.post("users/", {"device_id": DEVICE}).status_code == 200


@ruling("Scheme of a token")
@pytest.mark.parametrize("scheme", ["Token", "token", "Bearer", "bearer", "TOKEN"])
def test_the_scheme_of_a_token_is_read_in_any_case(nobody: Caller, cast: Cast, scheme: str) -> None:
    nobody.http.credentials(HTTP_AUTHORIZATION=f"{scheme} {issue_token(cast.contributor)}")
    assert nobody.get("projects/").status_code == 200


@ruling("Missing token")
def test_a_missing_token_is_asked_for(nobody: Caller) -> None:
    answer = nobody.get("projects/")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Token")
    assert answer.json() == {"detail": "Authentication credentials were not provided."}


@ruling("Missing token")
def test_a_wrong_token_is_refused(nobody: Caller) -> None:
    nobody.http.credentials(HTTP_AUTHORIZATION="Token " + "0" * 40)
    answer = nobody.get("projects/")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Token")
    assert answer.json() == {"detail": "Invalid token."}


def test_a_revoked_token_is_refused(nobody: Caller, cast: Cast) -> None:
    token = issue_token(cast.contributor)
    nobody.http.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    revoke_token(token, viewer=cast.contributor)
    assert nobody.get("projects/").status_code == 401
    assert Token.objects.filter(user=cast.contributor).count() == 1


@ruling("Sessions: device", "Sessions: what is needed")
def test_a_visit_begins_as_its_project_has_it(api: Caller, cast: Cast, walk: Walk) -> None:
    answer = api.post("sessions/", {"project_id": walk.project.pk, "client_system": "iOS 10", "junk": [1]})
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == SESSION
    assert ZONELESS.fullmatch(body["starttime"])
    assert {key: body[key] for key in SESSION - {"id", "starttime"}} == {
        "device_id": "device-of-contributor",
        "stoptime": None,
        "client_type": "web",
        "client_system": "iOS 10",
        "demo_stream_enabled": False,
        "geo_listen_enabled": True,
        "timezone": "0000",
        "project_id": walk.project.pk,
        "language_id": 1,
    }
    assert Session.objects.get(pk=body["id"]).user == cast.contributor


@ruling("Sessions: language")
def test_a_visit_begins_as_its_client_wants_it(api: Caller, walk: Walk) -> None:
    finnish = Language.objects.create(code="fi", name="Finnish")
    body = {
        "project_id": str(walk.project.pk),
        "geo_listen_enabled": "false",
        "demo_stream_enabled": "True",
        "language": "fi-FI",
        "language_id": 1,
        "timezone": "-0500",
        "client_type": "admin",
    }
    answer = api.post("sessions", body, "multipart").json()
    assert answer["language_id"] == finnish.pk
    assert (answer["geo_listen_enabled"], answer["demo_stream_enabled"]) == (False, True)
    assert (answer["timezone"], answer["client_type"]) == ("-0500", "admin")


REFUSED = [
    ({"project_id": None}, {"project_id": ["This field is required."]}),
    ({"project_id": 10**15}, {"project_id": ["Project not found."]}),
    ({"project_id": "one"}, {"project_id": ["A valid integer is required."]}),
    ({"project_id": 10**30}, {"project_id": ["A valid integer is required."]}),
    ({"language_id": 10**15}, {"language_id": ["Language not found."]}),
    ({"timezone": "CET"}, {"timezone": ["Timezone must be in RFC822 GMT format (e.g. '-0800')"]}),
    ({"geo_listen_enabled": "perhaps"}, {"geo_listen_enabled": ["Must be a valid boolean."]}),
    ({"client_system": {"os": "iOS"}}, {"client_system": ["Not a valid string."]}),
    ({"client_system": "i\0OS"}, {"client_system": ["Null characters are not allowed."]}),
]


@pytest.mark.parametrize(("sent", "refusal"), REFUSED)
def test_a_bad_value_begins_no_visit(api: Caller, walk: Walk, sent: dict[str, Any], refusal: dict[str, Any]) -> None:
    before = Session.objects.count()
    answer = api.post("sessions/", {"project_id": walk.project.pk, **sent})
    assert (answer.status_code, answer.json()) == (400, refusal)
    assert Session.objects.count() == before


@ruling("Others' sessions")
def test_visits_are_listed_to_their_visitor_alone(api: Caller, stranger: Caller, session: Session) -> None:
    assert [visit["id"] for visit in api.get("sessions/").json()] == [session.pk]
    assert api.get(f"sessions/{session.pk}").json()["id"] == session.pk
    assert stranger.get("sessions/").json() == []
    answer = stranger.get(f"sessions/{session.pk}/")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


@ruling("Sessions: device")
def test_an_owner_sees_visits_without_their_device(caller: Any, cast: Cast, session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(device_id="secret-device")
    (visit,) = caller(cast.owner).get("sessions/").json()
    assert (visit["id"], visit["device_id"]) == (session.pk, None)
    curator = caller(cast.curator).get(f"sessions/{session.pk}/").json()
    assert curator["device_id"] == "secret-device"
