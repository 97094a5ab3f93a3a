"""Files of assets, as GraphQL shows them to whoever may see the asset."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import strawberry
from django.db.models import Model
from graphql import GraphQLResolveInfo

from backend.assets.media import media_url, mime_type, stem
from backend.assets.storage import file_bytes
from schema.derive.plan import Branch, Planner
from schema.derive.selection import Selection
from schema.fields import field


@strawberry.enum(description="The forms that every uploaded recording is kept in.")
class AudioFormat(Enum):
    WAV = strawberry.enum_value("wav", description="PCM: large, and exactly what the server mixes.")
    MP3 = strawberry.enum_value("mp3", description="What every player plays.")
    M4A = strawberry.enum_value("m4a", description="AAC: what phones of Apple like best.")


Format = Annotated[
    AudioFormat | None,
    strawberry.argument(description="The form of a recording; the one it is mixed from if left out."),
]


def of_format(root: strawberry.Parent[Any], format: Format = None) -> Any:
    """Only its signature counts."""


@strawberry.type(description="A file that can be fetched.")
class MediaFile:
    name: strawberry.Private[str]
    url: str = strawberry.field(
        description="Its absolute address; signed while the asset is not submitted, and then good for an hour or so."
    )

    @field("What it is, by its name; null when that says nothing.")
    def mime_type(self) -> str | None:
        return mime_type(self.name)

    @field("How long it is, in bytes; null when it is missing.")
    def bytes(self) -> int | None:
        return file_bytes(self.name)


@dataclass(frozen=True, slots=True)
class Playable:
    """The file of an asset that is played or seen."""

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        branch.columns.update(("file", "filename", "submitted"))

    def read(self, row: Model, info: GraphQLResolveInfo[Any], format: AudioFormat | None = None) -> MediaFile | None:
        """See Readable."""
        asset: Any = row
        name = asset.filename or asset.file.name
        if name and format is not None:
            name = f"{stem(name)}.{format.name.lower()}"
            if file_bytes(name) is None:
                return None
        # Whoever sees the row may have its file, so nothing is asked of the viewer.
        return MediaFile(name=name, url=media_url(name, is_public=asset.submitted)) if name else None
