"""Assets that are there already join what somebody hands in."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from backend.assets.models import Asset, Envelope
from backend.assets.queries import asset as find_asset
from backend.assets.resources import ASSET, ENVELOPE
from backend.errors import InvalidInput, NotPermitted
from backend.resources.viewer import Viewer
from backend.visits.models import Session
from backend.visits.ownership import is_own_visit


@transaction.atomic
def add_asset_to_envelope(envelope_id: object, asset_id: object, *, viewer: Viewer) -> tuple[Envelope, Asset]:
    """The asset is one of the envelope's; no file is copied, and adding it again changes nothing.

    For whose visit the envelope is of (and staff), if they may write the asset too. Its visit becomes the envelope's
    when it had none, one of nobody's, or another of the same visitor. One that somebody else recorded stays of the
    visit in which they did: to file it is not to take it (the old server, which knew no owners, moved all).
    Raises NotFound, NotPermitted, and InvalidInput for an asset of another project.
    """
    envelope = ENVELOPE.find(envelope_id, viewer, field="envelope_id", joined=("session",))
    if not is_own_visit(viewer, envelope.session):
        raise NotPermitted("This is somebody else's envelope.", field="envelope_id")
    asset = find_asset(asset_id, viewer)
    if not ASSET.may_write(viewer, asset):
        raise NotPermitted("This is somebody else's asset.", field="asset_id")
    if asset.project_id != envelope.session.project_id:
        raise InvalidInput("This asset is not of the envelope's project.", field="asset_id")
    envelope.assets.add(asset)
    _take_along(asset, envelope.session)
    return envelope, asset


def _take_along(asset: Asset, visit: Session) -> None:
    """The asset is of this visit now, unless it is of another visitor's."""
    free = Session.objects.filter(Q(user=None) | Q(user=visit.user_id)).exclude(pk=visit.pk)
    movable = Asset.objects.filter(Q(session=None) | Q(session__in=free.values("id")), pk=asset.pk)
    movable.update(session=visit, updated_at=timezone.now(), version=F("version") + 1)
    asset.refresh_from_db(fields=["session", "updated_at", "version"])
