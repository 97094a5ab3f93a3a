"""What somebody hands in during a visit is heard by them at once, in the visit's own stream."""

from functools import partial
from typing import Any

from django.db import transaction

from backend.assets.models import Asset, MediaType
from backend.assets.signals import asset_contributed
from backend.bus import publish
from backend.bus.commands import PlayAsset
from backend.ids import AssetId, StreamId
from backend.listening.models import OPEN_STATES, Stream
from backend.visits.actions import EventDetails, note


def connect() -> None:
    """Listen to contributions from now on; asked once, when the rooms are ready."""
    asset_contributed.connect(_play, dispatch_uid="own_recordings")


def _play(asset: Asset, **_: Any) -> None:
    """Whether or not others may hear it (reference 3.2, 8)."""
    if asset.session is None or asset.media_type != MediaType.AUDIO:
        return
    for stream in Stream.objects.filter(session=asset.session, state__in=OPEN_STATES):
        note(asset.session, "play_asset_in_stream", EventDetails(data=f"asset_id:{asset.pk}"))
        transaction.on_commit(partial(publish, PlayAsset(StreamId(str(stream.pk)), AssetId(asset.pk))))
