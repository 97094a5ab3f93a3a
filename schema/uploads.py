"""How a file becomes an asset."""

from typing import Any

import strawberry
from strawberry import ID
from strawberry.file_uploads import Upload

from backend.assets.contributions import UploadRequest
from backend.assets.resources import ASSET, ASSET_UPLOAD, ENVELOPE
from backend.assets.uploads import add_upload
from backend.projects.resources import LANGUAGE, LOCALIZED_STRING, PROJECT
from backend.tagging.resources import TAG
from schema import types
from schema.context import Info
from schema.derive.fetch import fetch_one
from schema.enums import MediaType
from schema.fields import field
from schema.ids import key_of, keys_of
from schema.inputs import optional
from schema.payloads import Input, Success, mutation, payload


@strawberry.input(description="A file that is to become an asset, and what is known of it.")
class UploadAssetInput(Input):
    envelope_id: ID = strawberry.field(description="The envelope that it goes into, one of your own visit.")
    file: Upload = strawberry.field(description="The file.")
    media_type: MediaType | None = optional("What it is: a recording if left out. The file must be that.")
    latitude: float | None = optional("Where it is: degrees north. Without a place it lies at the project's, unheard.")
    longitude: float | None = optional("Where it is: degrees east.")
    submitted: bool | None = optional(
        "False keeps it from others. True submits it at once if you may edit the project; from anybody else, and left"
        " out, the project decides: by its `autoSubmit`, within its range."
    )
    tag_ids: list[ID] | None = optional("What it is about: tags of the project, or of none.")
    description: str = strawberry.field(default="", description="What you want to say about it.")
    language_id: ID | None = optional("The language that it is in; that of the visit if left out.")
    weight: int | None = optional("Heavier plays earlier, 0 to 99. For those who may edit the project.")
    volume: float | None = optional("How loud it is, linear. For those who may edit the project.")
    project_id: ID | None = optional(
        "The project, for an envelope of the session that is reserved for staff: it has none."
    )
    description_text_ids: list[ID] | None = optional("What it is about, in several languages. For its editors.")
    alt_text_ids: list[ID] | None = optional("What is seen or heard in it, for who cannot. For its editors.")
    start_seconds: float | None = optional("Where its heard part begins, in the trimmed recording.")
    end_seconds: float | None = optional("Where its heard part ends.")
    upload_id: ID | None = optional(
        "A random UUID of your own: with it you can ask how far the upload has come, and send it again when you do not"
        " know whether it arrived; what has arrived is not stored twice."
    )


@strawberry.type(description="The file is an asset.")
class UploadAssetSuccess(Success):
    asset_key: strawberry.Private[int | None]
    upload_key: strawberry.Private[str]

    @field("The asset; null when the upload was sent again and the asset has been deleted since.", types.Asset | None)
    def asset(self, info: Info) -> Any:
        rows = ASSET.rows(info.context.viewer)
        return None if self.asset_key is None else fetch_one(rows.filter(pk=self.asset_key), info._raw_info)

    @field("The upload.", types.AssetUpload)
    def upload(self, info: Info) -> Any:
        return fetch_one(ASSET_UPLOAD.rows(info.context.viewer).filter(pk=self.upload_key), info._raw_info)


@strawberry.type
class Uploads:
    """A part of Mutation."""

    @mutation(UploadAssetSuccess, "Hands in a file during your visit. Send it by the multipart request specification.")
    def upload_asset(self, info: Info, input: UploadAssetInput) -> Any:
        def act() -> UploadAssetSuccess:
            upload = add_upload(_request(input), viewer=info.context.viewer)
            return UploadAssetSuccess(asset_key=upload.asset_id, upload_key=str(upload.pk))

        return payload(input, act)


def _request(given: UploadAssetInput) -> UploadRequest:
    file: Any = given.file
    return UploadRequest(
        envelope_id=key_of(ENVELOPE, given.envelope_id, field="envelope_id"),
        file=file,
        media_type=given.media_type and given.media_type.value,
        latitude=given.latitude,
        longitude=given.longitude,
        submitted=given.submitted,
        tag_ids=keys_of(TAG, given.tag_ids, field="tag_ids"),
        description=given.description,
        language_id=given.language_id and key_of(LANGUAGE, given.language_id, field="language_id"),
        weight=given.weight,
        volume=given.volume,
        project_id=given.project_id and key_of(PROJECT, given.project_id, field="project_id"),
        description_text_ids=keys_of(LOCALIZED_STRING, given.description_text_ids, field="description_text_ids"),
        alt_text_ids=keys_of(LOCALIZED_STRING, given.alt_text_ids, field="alt_text_ids"),
        start_seconds=given.start_seconds,
        end_seconds=given.end_seconds,
        upload_id=given.upload_id and key_of(ASSET_UPLOAD, given.upload_id, field="upload_id"),
    )
