"""What can be done during a visit."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import strawberry
from strawberry import ID

from backend.accounts.actions import register_device
from backend.assets.resources import ASSET
from backend.listening import actions
from backend.listening.models import Stream
from backend.listening.requests import MoveRequest, OpenRequest
from backend.listening.resources import STREAM
from backend.projects.resources import LANGUAGE, PROJECT
from backend.tagging.resources import TAG
from backend.visits.actions import VisitOptions, create_session
from backend.visits.resources import SESSION
from schema import inputs, results
from schema.context import Info
from schema.derive.node import all_nodes
from schema.derive.writing import with_writing
from schema.errors import Error
from schema.ids import key_of, keys_of
from schema.payloads import Success, mutation, payload
from schema.uploads import Uploads
from schema.verbs import Verbs


class OfStream(Protocol):
    """An input that names a stream."""

    stream_id: ID
    client_mutation_id: str | None


def _on_stream(
    kind: type[results.StreamSuccess], given: Any, info: Info, act: Callable[..., Stream]
) -> Success | Error:
    """Does `act` to the stream that the input names."""

    def acted() -> results.StreamSuccess:
        key = key_of(STREAM, given.stream_id, field="stream_id")
        return kind(stream_key=str(act(key, viewer=info.context.viewer).pk))

    return payload(given, acted)


@strawberry.type(description="What can be done.")
@with_writing(all_nodes())
class Mutation(Verbs, Uploads):
    @mutation(
        results.RegisterDeviceSuccess, "Makes an account for a device, or opens its account where that is allowed."
    )
    def register_device(self, info: Info, input: inputs.RegisterDeviceInput) -> Any:
        def act() -> results.RegisterDeviceSuccess:
            user, token = register_device(
                input.device_id,
                input.client_type,
                first_name=input.first_name,
                last_name=input.last_name,
                email=input.email,
            )
            return results.RegisterDeviceSuccess(account=user, token=token)

        return payload(input, act)

    @mutation(results.CreateSessionSuccess, "Begins your visit to a project.")
    def create_session(self, info: Info, input: inputs.CreateSessionInput) -> Any:
        def act() -> results.CreateSessionSuccess:
            options = VisitOptions(
                language_code=input.language,
                language_id=input.language_id and key_of(LANGUAGE, input.language_id, field="language_id"),
                geo_listen_enabled=input.geo_listen_enabled,
                demo_stream_enabled=input.demo_stream_enabled,
                client_type=input.client_type,
                client_system=input.client_system,
                timezone=input.timezone,
            )
            key = key_of(PROJECT, input.project_id, field="project_id")
            return results.CreateSessionSuccess(
                session_key=create_session(key, viewer=info.context.viewer, options=options).pk
            )

        return payload(input, act)

    @mutation(
        results.OpenStreamSuccess, "Opens the stream of your visit; when it is open, moves it and chooses its tags."
    )
    def open_stream(self, info: Info, input: inputs.OpenStreamInput) -> Any:
        def act() -> results.OpenStreamSuccess:
            request = OpenRequest(
                latitude=input.latitude,
                longitude=input.longitude,
                tag_ids=keys_of(TAG, input.tag_ids, field="tag_ids"),
                format=input.format.value if input.format else None,
                bitrate=input.bitrate,
            )
            key = key_of(SESSION, input.session_id, field="session_id")
            stream = actions.open_stream(key, viewer=info.context.viewer, request=request)
            return results.OpenStreamSuccess(stream_key=str(stream.pk))

        return payload(input, act)

    @mutation(results.MoveListenerSuccess, "Tells where the listener is; what is heard glides there.")
    def move_listener(self, info: Info, input: inputs.MoveListenerInput) -> Any:
        request = MoveRequest(
            latitude=input.latitude,
            longitude=input.longitude,
            heading=input.heading,
            width=input.width,
            range_min=input.range_min,
            range_max=input.range_max,
        )
        return _on_stream(results.MoveListenerSuccess, input, info, partial(actions.move_listener, request=request))

    @mutation(results.FilterTagsSuccess, "Chooses which recordings are heard.")
    def filter_tags(self, info: Info, input: inputs.FilterTagsInput) -> Any:
        def act(key: str, **viewer: Any) -> Stream:
            return actions.filter_tags(key, keys_of(TAG, input.tag_ids, field="tag_ids"), **viewer)

        return _on_stream(results.FilterTagsSuccess, input, info, act)

    @mutation(results.PauseStreamSuccess, "Lets the recordings fade out and starts no more; the zones sound on.")
    def pause_stream(self, info: Info, input: inputs.PauseStreamInput) -> Any:
        return _on_stream(results.PauseStreamSuccess, input, info, actions.pause_stream)

    @mutation(results.ResumeStreamSuccess, "Lets the recordings play again.")
    def resume_stream(self, info: Info, input: inputs.ResumeStreamInput) -> Any:
        return _on_stream(results.ResumeStreamSuccess, input, info, actions.resume_stream)

    @mutation(results.SkipAssetSuccess, "Lets what plays fade out and starts the next recording.")
    def skip_asset(self, info: Info, input: inputs.SkipAssetInput) -> Any:
        return _on_stream(results.SkipAssetSuccess, input, info, actions.skip_asset)

    @mutation(results.PlayAssetSuccess, "Plays a recording at once, also one that was heard or does not fit the tags.")
    def play_asset(self, info: Info, input: inputs.PlayAssetInput) -> Any:
        def act(key: str, **viewer: Any) -> Stream:
            return actions.play_asset(key, key_of(ASSET, input.asset_id, field="asset_id"), **viewer)

        return _on_stream(results.PlayAssetSuccess, input, info, act)

    @mutation(results.ReplayAssetSuccess, "Plays the recording that was heard last in this visit again, at once.")
    def replay_asset(self, info: Info, input: inputs.ReplayAssetInput) -> Any:
        return _on_stream(results.ReplayAssetSuccess, input, info, actions.replay_asset)

    @mutation(results.HeartbeatSuccess, "Says that the listener is still there.")
    def heartbeat(self, info: Info, input: inputs.HeartbeatInput) -> Any:
        return _on_stream(results.HeartbeatSuccess, input, info, actions.heartbeat)

    @mutation(results.CloseStreamSuccess, "Ends a stream; ending it again changes nothing.")
    def close_stream(self, info: Info, input: inputs.CloseStreamInput) -> Any:
        return _on_stream(results.CloseStreamSuccess, input, info, actions.close_stream)
