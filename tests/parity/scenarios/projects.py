"""Owners and staff keep projects, their languages and texts."""

from tests.parity.scenario import GraphQL, Rest, Scenario, forbidden, invalid

PROJECTS = [
    Scenario(
        "curator",
        "makes a project",
        Rest(
            "POST projects/",
            {
                "name": "Shore",
                "latitude": "60.2",
                "longitude": "25.0",
                "language_ids": "{english},{finnish}",
                "pub_date": "2026-01-02T03:04:05",
                "recording_radius": "25",
                "auto_submit": "true",
            },
            "multipart",
        ),
        GraphQL(
            "createProject",
            {
                "name": "Shore",
                "latitude": 60.2,
                "longitude": 25.0,
                "languages": ["{english}", "{finnish}"],
                "publishedAt": "2026-01-02T03:04:05Z",
                "recordingRadiusMetres": 25,
                "autoSubmit": True,
            },
        ),
    ),
    Scenario(
        "owner",
        "makes a project",
        Rest("POST projects/", {"name": "Mine", "latitude": 60.2, "longitude": 25, "language_ids": ["{english}"]}),
        GraphQL("createProject", {"name": "Mine", "latitude": 60.2, "longitude": 25, "languages": ["{english}"]}),
        forbidden(),
    ),
    Scenario(
        "owner",
        "changes their project",
        Rest(
            "PATCH projects/{project}/",
            {"name": "Shore", "ordering": "random", "listen_enabled": False, "legal_agreement_loc_ids": []},
        ),
        GraphQL(
            "updateProject",
            {
                "id": "{project}",
                "name": "Shore",
                "ordering": "RANDOM",
                "listenEnabled": False,
                "legalAgreementTexts": [],
            },
        ),
    ),
    Scenario(
        "owner",
        "leaves their project without any language",
        Rest("PATCH projects/{project}/", {"language_ids": []}),
        GraphQL("updateProject", {"id": "{project}", "languages": []}),
        invalid("languages", "language_ids"),
    ),
    Scenario(
        "owner",
        "leaves their project to nobody",
        Rest("PATCH projects/{project}/", {"owners": []}),
        GraphQL("updateProject", {"id": "{project}", "owners": []}),
        invalid("owners", "owners"),
    ),
    Scenario(
        "curator",
        "gives a project another owner",
        Rest("PATCH projects/{project}/", {"owners": ["{stranger}"]}),
        GraphQL("updateProject", {"id": "{project}", "owners": ["{stranger}"]}),
    ),
    Scenario(
        "curator",
        "deletes a project",
        Rest("DELETE projects/{project}/"),
        GraphQL("deleteProject", {"id": "{project}"}),
    ),
    Scenario(
        "curator",
        "gathers projects",
        Rest("POST projectgroups/", {"name": "town", "project_ids": ["{project}"], "active": True}),
        GraphQL("createProjectGroup", {"name": "town", "projects": ["{project}"], "isActive": True}),
    ),
]

TEXTS = [
    Scenario(
        "curator",
        "makes a language",
        Rest("POST languages/", {"language_code": "se", "name": "Sami"}, "multipart"),
        GraphQL("createLanguage", {"code": "se", "name": "Sami"}),
    ),
    Scenario(
        "curator",
        "makes a language that is there",
        Rest("POST languages/", {"language_code": "fi"}),
        GraphQL("createLanguage", {"code": "fi"}),
        invalid("code", "language_code"),
    ),
    Scenario(
        "curator",
        "renames a language",
        Rest("PATCH languages/{finnish}/", {"name": "Suomi"}),
        GraphQL("updateLanguage", {"id": "{finnish}", "name": "Suomi"}),
    ),
    Scenario(
        "curator",
        "deletes a language",
        Rest("DELETE languages/{swedish}/"),
        GraphQL("deleteLanguage", {"id": "{swedish}"}),
    ),
    Scenario(
        "curator",
        "deletes the language that everybody reads",
        Rest("DELETE languages/{english}/"),
        GraphQL("deleteLanguage", {"id": "{english}"}),
        forbidden(),
    ),
    Scenario(
        "owner",
        "writes a text",
        Rest("POST localizedstrings/", {"localized_string": "Hei!", "language_id": "{finnish}"}),
        GraphQL("createLocalizedString", {"text": "Hei!", "language": "{finnish}"}),
    ),
    Scenario(
        "owner",
        "changes a text of their project",
        Rest("PATCH localizedstrings/{localized_string}/", {"text": "Hello!"}),
        GraphQL("updateLocalizedString", {"id": "{localized_string}", "text": "Hello!"}),
    ),
    Scenario(
        "contributor",
        "changes a text of the project",
        Rest("PATCH localizedstrings/{localized_string}/", {"text": "Hello!"}),
        GraphQL("updateLocalizedString", {"id": "{localized_string}", "text": "Hello!"}),
        forbidden(),
    ),
    Scenario(
        "owner",
        "deletes a text",
        Rest("DELETE localizedstrings/{localized_string}/"),
        GraphQL("deleteLocalizedString", {"id": "{localized_string}"}),
    ),
]

SCENARIOS = [*PROJECTS, *TEXTS]
