"""What the verbs are given."""

from datetime import datetime

import strawberry
from strawberry import ID

from schema.enums import VoteType
from schema.inputs import optional
from schema.payloads import Input


@strawberry.input(description="Who somebody says they are, and what only they know.")
class LoginInput(Input):
    username: str = strawberry.field(description="The name of the account.")
    password: str = strawberry.field(description="Its password.")


@strawberry.input(description="A token that is to open nothing any more.")
class RevokeTokenInput(Input):
    token: str = strawberry.field(
        description="One of your own: the token itself as it was shown, or, where that is lost, the id of its `Token`."
    )


@strawberry.input(description="What you think of a recording.")
class VoteAssetInput(Input):
    session_id: ID = strawberry.field(description="Your visit; it has one vote of each type on an asset.")
    asset_id: ID = strawberry.field(description="The asset, one of the project that you visit.")
    vote_type: VoteType = strawberry.field(description="What the vote says.")
    value: int | None = optional("The mark, for RATE. Without it a vote that is there already is taken back.")


@strawberry.input(description="What editors decide about assets, all of them alike.")
class ModerateAssetsInput(Input):
    ids: list[ID] = strawberry.field(description="The assets, 500 at most: all are changed, or none is.")
    submitted: bool = strawberry.field(description="Whether others may hear and see them from now on.")
    reason: str = strawberry.field(default="", description="Why, in 1,000 letters at most; editors can read it later.")


@strawberry.input(description="Something that happened during your visit.")
class LogEventInput(Input):
    session_id: ID = strawberry.field(description="Your visit.")
    event_type: str = strawberry.field(
        description="What happened, in 50 letters at most: `start_record`, `client_error` …"
    )
    client_time: datetime | None = optional("When it happened, by your own clock.")
    latitude: float | None = optional("Where it happened: degrees north.")
    longitude: float | None = optional("Where it happened: degrees east.")
    tag_ids: list[ID] | None = optional("The tags that it concerns.")
    data: str | None = optional("Anything that you want to add.")


@strawberry.input(description="An asset that is to join what was handed in together.")
class AddAssetToEnvelopeInput(Input):
    envelope_id: ID = strawberry.field(description="An envelope of a visit of yours.")
    asset_id: ID = strawberry.field(
        description="An asset that you may change. It is one of the envelope's visit then, unless another recorded it."
    )


@strawberry.input(description="A visit that is over.")
class EndSessionInput(Input):
    session_id: ID = strawberry.field(description="Your visit.")
