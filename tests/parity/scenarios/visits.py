"""People come in, and visits begin."""

from tests.parity.scenario import (
    SIGNED_OUT,
    GraphQL,
    Refused,
    Rest,
    Scenario,
    forbidden,
    invalid,
    unknown,
    unknown_within,
)
from tests.parity.world import PASSWORD

PERSON = {"first_name": "Aino", "last_name": "Virtanen", "email": "aino@example.org"}
TOLD = {"firstName": "Aino", "lastName": "Virtanen", "email": "aino@example.org"}
# Both admin tools log out at any 401, so the old API does not say it so.
WRONG = Refused(code="NOT_AUTHENTICATED", status=400, key="non_field_errors")

PEOPLE = [
    Scenario(
        "somebody",
        "registers a device",
        Rest("POST users/", {"device_id": "a-device", "client_type": "web", **PERSON}, "multipart"),
        GraphQL("registerDevice", {"deviceId": "a-device", "clientType": "web", **TOLD}),
    ),
    Scenario(
        "somebody",
        "registers a device without a name",
        Rest("POST users/", {"device_id": ""}),
        GraphQL("registerDevice", {"deviceId": ""}),
        invalid("device_id", "device_id"),
    ),
    Scenario(
        "somebody",
        "logs in",
        Rest("POST login/", {"username": "curator", "password": PASSWORD}),
        GraphQL("login", {"username": "curator", "password": PASSWORD}),
    ),
    Scenario(
        "somebody",
        "logs in with a wrong password",
        Rest("POST login/", {"username": "curator", "password": "guess"}),
        GraphQL("login", {"username": "curator", "password": "guess"}),
        WRONG,
    ),
    Scenario(
        "contributor",
        "tells their name",
        Rest("PATCH users/{contributor}/", PERSON),
        GraphQL("updateUser", {"id": "{contributor}", **TOLD}),
    ),
    Scenario(
        "contributor",
        "tells what is no address",
        Rest("PATCH users/{contributor}/", {"email": "aino"}),
        GraphQL("updateUser", {"id": "{contributor}", "email": "aino"}),
        invalid("email", "email"),
    ),
    Scenario(
        "stranger",
        "gives the contributor a name",
        Rest("PATCH users/{contributor}/", {"first_name": "Eve"}),
        GraphQL("updateUser", {"id": "{contributor}", "firstName": "Eve"}),
        unknown("id"),
    ),
]

VISITS = [
    Scenario(
        "contributor",
        "begins a visit as the project has it",
        Rest("POST sessions/", {"project_id": "{project}"}),
        GraphQL("createSession", {"projectId": "{project}"}),
    ),
    Scenario(
        "contributor",
        "begins a visit in Finnish two hours east",
        Rest(
            "POST sessions",
            {
                "project_id": "{project}",
                "language": "fi-FI",
                "timezone": "+0200",
                "client_type": "kiosk",
                "client_system": "Linux",
                "geo_listen_enabled": "false",
                "demo_stream_enabled": "true",
            },
            "multipart",
        ),
        GraphQL(
            "createSession",
            {
                "projectId": "{project}",
                "language": "fi-FI",
                "timezone": "+0200",
                "clientType": "kiosk",
                "clientSystem": "Linux",
                "geoListenEnabled": False,
                "demoStreamEnabled": True,
            },
        ),
    ),
    Scenario(
        "contributor",
        "begins a visit in a language by its id",
        Rest("POST sessions/", {"project": "{project}", "language_id": "{swedish}"}),
        GraphQL("createSession", {"projectId": "{project}", "languageId": "{swedish}"}),
    ),
    Scenario(
        "contributor",
        "begins a visit at no time of the earth",
        Rest("POST sessions/", {"project_id": "{project}", "timezone": "Helsinki"}),
        GraphQL("createSession", {"projectId": "{project}", "timezone": "Helsinki"}),
        invalid("timezone", "timezone"),
    ),
    Scenario(
        "contributor",
        "begins a visit to nowhere",
        Rest("POST sessions/", {"project_id": 999_999}),
        GraphQL("createSession", {"projectId": "999999"}),
        unknown_within("project_id", "project_id"),
    ),
    Scenario(
        "somebody",
        "begins a visit",
        Rest("POST sessions/", {"project_id": "{project}"}),
        GraphQL("createSession", {"projectId": "{project}"}),
        SIGNED_OUT,
    ),
    Scenario(
        "contributor",
        "goes on in no language",
        Rest("PATCH sessions/{visit}/", {"language_id": None}),
        GraphQL("updateSession", {"id": "{visit}", "language": None}),
    ),
    Scenario(
        "contributor",
        "changes a visit, which its stream hears of",
        Rest("PATCH sessions/{visit}/", {"language_id": "{finnish}", "timezone": "-0500"}),
        GraphQL("updateSession", {"id": "{visit}", "language": "{finnish}", "timezone": "-0500"}),
    ),
    Scenario(
        "stranger",
        "changes the visit of the contributor",
        Rest("PATCH sessions/{visit}/", {"timezone": "-0500"}),
        GraphQL("updateSession", {"id": "{visit}", "timezone": "-0500"}),
        unknown("id"),
    ),
    Scenario(
        "owner",
        "changes the visit of the contributor",
        Rest("PATCH sessions/{visit}/", {"timezone": "-0500"}),
        GraphQL("updateSession", {"id": "{visit}", "timezone": "-0500"}),
        forbidden(),
    ),
]

SCENARIOS = [*PEOPLE, *VISITS]
