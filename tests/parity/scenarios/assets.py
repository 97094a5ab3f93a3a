"""What people recorded is described, decided about and deleted."""

from tests.parity.scenario import SIGNED_OUT, GraphQL, Rest, Scenario, forbidden, invalid, unknown

SCENARIOS = [
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
        "takes an own recording off the map",
        Rest("PATCH assets/{asset}/", {"latitude": None, "longitude": None}),
        GraphQL("updateAsset", {"id": "{asset}", "latitude": None, "longitude": None}),
    ),
    Scenario(
        "contributor",
        "takes an own recording half off the map",
        Rest("PATCH assets/{asset}/", {"latitude": None}),
        GraphQL("updateAsset", {"id": "{asset}", "latitude": None}),
        invalid(None),
    ),
    Scenario(
        "somebody",
        "deletes a recording",
        Rest("DELETE assets/{asset}/"),
        GraphQL("deleteAsset", {"id": "{asset}"}),
        SIGNED_OUT,
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
