"""What people leave: assets with their files, in envelopes, and the sounds of speakers."""

from functools import partial
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.blocking import blocked_assets
from backend.assets.contributions import UploadRequest
from backend.assets.envelopes import add_asset_to_envelope, put_into_envelopes
from backend.assets.models import Asset
from backend.assets.queries import random_assets, withdrawn_assets
from backend.assets.resources import ASSET
from backend.assets.speaker_sounds import with_sound
from backend.assets.uploads import add_upload
from backend.catalogue import writer
from backend.errors import InvalidInput
from backend.resources.addresses import absolute
from backend.rest.derive.bodies import body_of
from backend.rest.derive.fields import Body, FlagField, IdField, IdsField, NumberField, TextField, TextIdsField
from backend.rest.derive.filters import filtered
from backend.rest.derive.representation import Representation, present
from backend.rest.derive.views import Collection, Derived, Item, ReadOnly
from backend.rest.representations import ASSETS, SPEAKERS
from backend.soundscape.resources import SPEAKER
from backend.visits.queries import own_session

CHANGED_SINCE = ("updated__gte", "updated__gt")
# All that is told of an asset that is gone, and what stands under its other keys: iOS takes no null in most.
TOLD = frozenset({"id", "project", "media_type", "created_at", "updated_at"})
NOTHING = {"submitted": False, "weight": 0, "volume": 0.0, "description": "", "filename": "", "user": None}


class UploadBody(Body):
    """A file that becomes an asset, and what is known of it."""

    file = serializers.FileField(required=False, allow_empty_file=True)
    media_type = TextField(required=False)
    latitude = NumberField(required=False)
    longitude = NumberField(required=False)
    submitted = FlagField(required=False)
    tag_ids = IdsField(required=False)
    description = TextField(required=False)
    language_id = IdField(required=False)
    project_id = IdField(required=False)
    weight = serializers.IntegerField(required=False)
    volume = NumberField(required=False)
    start_time = NumberField(required=False, source="start_seconds")
    end_time = NumberField(required=False, source="end_seconds")
    description_loc_ids = TextIdsField(required=False, source="description_text_ids")
    alt_text_loc_ids = TextIdsField(required=False, source="alt_text_ids")
    upload_id = TextField(required=False)
    other_names = {
        "media_type": ("mediatype",),
        "tag_ids": ("tags",),
        "description_loc_ids": ("loc_description",),
        "alt_text_loc_ids": ("loc_alt_text",),
    }


class NewAssetBody(UploadBody):
    """A file for one envelope."""

    file = serializers.FileField(
        allow_empty_file=True, error_messages={"required": "Must supply file for asset content"}
    )
    envelope_ids = IdsField(source="envelope_id")
    other_names = {**UploadBody.other_names, "envelope_ids": ("envelope_id", "envelope")}


class Assets(Collection):
    """All assets that the viewer may see; for who asks what has changed, also shells of those that are gone."""

    body_class = NewAssetBody

    def get(self, request: Request, **ids: str) -> Response:
        """A bare array, or a page."""
        response = super().get(request, **ids)
        is_poll = any(name in self.query for name in CHANGED_SINCE) and "submitted" not in self.query
        if is_poll and isinstance(response.data, list):
            gone = filtered(GONE, withdrawn_assets(self.viewer), self.query, self.viewer)
            empty = dict.fromkeys(ASSETS.paths) | dict.fromkeys(ASSETS.links.values(), ()) | NOTHING
            shells = present(GONE, gone, self.shown_as())
            response.data += [empty | {"file": absolute("/")} | shell for shell in shells]
        return response

    def create(self) -> Model:
        """A file becomes an asset."""
        said = self.said()
        envelope_ids = said.pop("envelope_id")
        if len(envelope_ids) != 1:
            raise InvalidInput("Must provide a single id; a PATCH adds it to others.", field="envelope_id")
        return _asset_of(add_upload(UploadRequest(envelope_id=envelope_ids[0], **said), viewer=self.viewer))


# Of what is gone nothing is told but that it is.
GONE = Representation(resource=ASSET, hidden=frozenset({*ASSET.read, *ASSET.read_own} - TOLD))


class RandomAssets(ReadOnly):
    """Some of a list of assets."""

    def rows(self) -> QuerySet[Any]:
        """`limit` of them, one if it is left out."""
        limit = self.query.number("limit")
        return random_assets(super().rows(), 1 if limit is None else int(limit))


class BlockedAssets(Derived):
    """What a visitor does not want to hear again."""

    def get(self, request: Request) -> Response:
        """The ids of these assets, and the device that the visit is from."""
        visit = own_session(self.session_id(), self.viewer)
        blocked = blocked_assets(visit.pk, self.viewer).values_list("pk", flat=True)
        return Response({"device_id": visit.device_id, "blocked_asset_ids": list(blocked)})


class AssetItem(Item):
    """One asset."""

    body_class = body_of(ASSETS, envelope_ids=IdsField(required=False))

    def change(self, pk: str) -> None:
        """Changes it, and the envelopes that it is in."""
        said = self.said(partial=True)
        envelope_ids = said.pop("envelope_ids", None)
        update = partial(writer.update, ASSET, pk, said, viewer=self.viewer)
        if envelope_ids is None:
            update()
        else:
            put_into_envelopes(pk, envelope_ids, viewer=self.viewer, first=update)


class AdditionBody(UploadBody):
    """A new file, or an asset that is there."""

    asset_id = IdField(required=False)
    other_names = {**UploadBody.other_names, "asset_id": ("asset",)}


class EnvelopeItem(Item):
    """One envelope; what is sent to it becomes an asset in it."""

    body_class = AdditionBody

    def patch(self, request: Request, pk: str) -> Response:
        """The asset."""
        said = self.said(partial=True)
        asset_id = said.pop("asset_id", None)
        if "file" in said:
            asset = _asset_of(add_upload(UploadRequest(envelope_id=pk, **said), viewer=self.viewer))
        elif asset_id is not None:
            _, asset = add_asset_to_envelope(pk, asset_id, viewer=self.viewer)
        else:
            raise InvalidInput("asset_id or file required")
        (shown,) = present(ASSETS, ASSET.rows(self.viewer).filter(pk=asset.pk), self.shown_as())
        return Response({**shown, "asset_id": asset.pk})


class SpeakerBody:
    """What a speaker plays may be sent as a file."""

    body_class = body_of(SPEAKERS, file=serializers.FileField(required=False))


class Speakers(SpeakerBody, Collection):
    """All speakers, and a new one."""

    def create(self) -> Model:
        """Makes it, of an address or of a file."""
        said = self.said()
        file = said.pop("file", None)
        if (file is None) == (not said.get("uri")):
            raise InvalidInput("Request must include either 'file' or 'uri', but not both.")
        save = partial(writer.create, SPEAKER, viewer=self.viewer)
        if file is None:
            return save(said)
        project_id = said["project"]
        return with_sound(file, project_id=project_id, viewer=self.viewer, save=lambda uri: save({**said, "uri": uri}))


class SpeakerItem(SpeakerBody, Item):
    """One speaker."""

    def change(self, pk: str) -> None:
        """Changes it; a file becomes what it plays."""
        said = self.said(partial=True)
        file = said.pop("file", None)
        if file is not None and said.get("uri"):
            raise InvalidInput("Request cannot include both 'file' and 'uri'.")
        save = partial(writer.update, SPEAKER, pk, viewer=self.viewer)
        if file is None:
            save(said)
        else:
            project_id = SPEAKER.find(pk, self.viewer).project_id
            with_sound(file, project_id=project_id, viewer=self.viewer, save=lambda uri: save({**said, "uri": uri}))


def _asset_of(upload: Any) -> Asset:
    if upload.asset is None:
        raise InvalidInput("This upload was stored before, and its asset has been deleted since.", field="upload_id")
    asset: Asset = upload.asset
    return asset
