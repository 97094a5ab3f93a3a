"""What can be done to what people left and to accounts, besides writing rows."""

from typing import Any

import strawberry

from backend.accounts.actions import log_in, revoke_token
from backend.accounts.resources import TOKEN
from backend.assets.envelopes import add_asset_to_envelope
from backend.assets.moderation import moderate_assets
from backend.assets.resources import ASSET, ENVELOPE
from backend.assets.votes import vote_asset
from backend.listening.endings import end_session
from backend.tagging.resources import TAG
from backend.visits.actions import EventDetails, log_event
from backend.visits.resources import SESSION
from schema import verb_inputs as inputs
from schema import verb_results as results
from schema.context import Info
from schema.ids import key_of, keys_of
from schema.payloads import mutation, payload


@strawberry.type
class Verbs:
    """A part of Mutation."""

    @mutation(results.LoginSuccess, "Opens an account by its password: at most ten tries in a quarter of an hour.")
    def login(self, info: Info, input: inputs.LoginInput) -> Any:
        def act() -> results.LoginSuccess:
            user, token = log_in(input.username, input.password)
            return results.LoginSuccess(account=user, token=token)

        return payload(input, act)

    @mutation(results.RevokeTokenSuccess, "Takes a token of yours back: what holds it is logged out.")
    def revoke_token(self, info: Info, input: inputs.RevokeTokenInput) -> Any:
        def act() -> results.RevokeTokenSuccess:
            named = key_of(TOKEN, input.token, field="token")
            return results.RevokeTokenSuccess(token_key=revoke_token(named, viewer=info.context.viewer).pk)

        return payload(input, act)

    @mutation(results.VoteAssetSuccess, "Votes on an asset during your visit; the same vote again is taken back.")
    def vote_asset(self, info: Info, input: inputs.VoteAssetInput) -> Any:
        def act() -> results.VoteAssetSuccess:
            ballot = vote_asset(
                key_of(SESSION, input.session_id, field="session_id"),
                key_of(ASSET, input.asset_id, field="asset_id"),
                input.vote_type.value,
                viewer=info.context.viewer,
                value=input.value,
            )
            vote_key = None if ballot.vote is None else ballot.vote.pk
            return results.VoteAssetSuccess(asset_key=ballot.asset.pk, vote_key=vote_key)

        return payload(input, act)

    @mutation(results.ModerateAssetsSuccess, "Lets others hear assets of your projects, or no longer.")
    def moderate_assets(self, info: Info, input: inputs.ModerateAssetsInput) -> Any:
        def act() -> results.ModerateAssetsSuccess:
            keys = keys_of(ASSET, input.ids, field="ids")
            viewer = info.context.viewer
            moderated = moderate_assets(keys, viewer=viewer, submitted=input.submitted, reason=input.reason)
            return results.ModerateAssetsSuccess(asset_keys=moderated)

        return payload(input, act)

    @mutation(results.LogEventSuccess, "Notes something that happened during your visit.")
    def log_event(self, info: Info, input: inputs.LogEventInput) -> Any:
        def act() -> results.LogEventSuccess:
            key = key_of(SESSION, input.session_id, field="session_id")
            event = log_event(key, input.event_type, viewer=info.context.viewer, details=_details(input))
            return results.LogEventSuccess(event_key=event.pk)

        return payload(input, act)

    @mutation(results.AddAssetToEnvelopeSuccess, "Adds an asset to an envelope of your visit; no file is copied.")
    def add_asset_to_envelope(self, info: Info, input: inputs.AddAssetToEnvelopeInput) -> Any:
        def act() -> results.AddAssetToEnvelopeSuccess:
            envelope, asset = add_asset_to_envelope(
                key_of(ENVELOPE, input.envelope_id, field="envelope_id"),
                key_of(ASSET, input.asset_id, field="asset_id"),
                viewer=info.context.viewer,
            )
            return results.AddAssetToEnvelopeSuccess(envelope_key=envelope.pk, asset_key=asset.pk)

        return payload(input, act)

    @mutation(results.EndSessionSuccess, "Ends your visit and its stream; ending it again changes nothing.")
    def end_session(self, info: Info, input: inputs.EndSessionInput) -> Any:
        def act() -> results.EndSessionSuccess:
            key = key_of(SESSION, input.session_id, field="session_id")
            return results.EndSessionSuccess(session_key=end_session(key, viewer=info.context.viewer).pk)

        return payload(input, act)


def _details(given: inputs.LogEventInput) -> EventDetails:
    """Events keep what clients wrote, as text."""
    return EventDetails(
        client_time=None if given.client_time is None else given.client_time.isoformat(),
        latitude=None if given.latitude is None else str(given.latitude),
        longitude=None if given.longitude is None else str(given.longitude),
        tag_ids=",".join(keys_of(TAG, given.tag_ids, field="tag_ids")) or None,
        data=given.data,
    )
