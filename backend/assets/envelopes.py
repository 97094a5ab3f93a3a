"""Assets that are there already join what somebody hands in."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from backend.assets.asset_changes import tell_changed
from backend.assets.models import Asset, Envelope
from backend.assets.queries import asset as find_asset
from backend.assets.resources import ASSET, ENVELOPE
from backend.errors import InvalidInput, NotPermitted
from backend.resources.values import bounded
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
    _may_file_into([envelope], viewer, field="envelope_id")
    asset = _writable(find_asset(asset_id, viewer), viewer)
    if not _takes(envelope, asset):
        raise InvalidInput("This asset is not of the envelope's project.", field="asset_id")
    envelope.assets.add(asset)
    _take_along(asset, envelope.session)
    return envelope, asset


@transaction.atomic
def put_into_envelopes(
    asset_id: object, envelope_ids: Iterable[object], *, viewer: Viewer, first: Callable[[], object] = lambda: None
) -> Asset:
    """The asset is in these envelopes, and in no other that the viewer may write; `first` is another change of it.

    For who may write the asset. Those that it was not in yet are of visits of the viewer (or the viewer is staff), as
    above; it goes along to the first of them, unless it is of the visit of one that was named.
    Raises NotFound, NotPermitted and InvalidInput, and then it is where it was.
    """
    first()
    # Of two who say where it is, the later one sees what the earlier one did.
    rows = ASSET.rows(viewer).select_for_update(of=("self",))
    asset = _writable(ASSET.among(rows, [asset_id], field="asset_id")[0], viewer)
    wanted = _envelopes(envelope_ids, viewer)
    present = set(asset.envelopes.select_related("session"))
    joined = [envelope for envelope in wanted if envelope not in present]
    _may_file_into(joined, viewer, field="envelope_ids")
    if not all(_takes(envelope, asset) for envelope in joined):
        raise InvalidInput("This asset is not of the envelope's project.", field="envelope_ids")
    left = [envelope for envelope in present.difference(wanted) if ENVELOPE.may_write(viewer, envelope)]
    asset.envelopes.remove(*left)
    asset.envelopes.add(*joined)
    if joined and asset.session_id not in {envelope.session_id for envelope in wanted}:
        _take_along(asset, joined[0].session)
    return asset


def _envelopes(envelope_ids: Iterable[object], viewer: Viewer) -> list[Envelope]:
    rows = ENVELOPE.rows(viewer).select_related("session")
    return ENVELOPE.among(rows, bounded(envelope_ids, field="envelope_ids"), field="envelope_ids")


def _writable(asset: Asset, viewer: Viewer) -> Asset:
    if not ASSET.may_write(viewer, asset):
        raise NotPermitted("This is somebody else's asset.", field="asset_id")
    return asset


def _may_file_into(envelopes: Iterable[Envelope], viewer: Viewer, *, field: str) -> None:
    if not all(is_own_visit(viewer, envelope.session) for envelope in envelopes):
        raise NotPermitted("This is somebody else's envelope.", field=field)


def _takes(envelope: Envelope, asset: Asset) -> bool:
    """Assets of its visit's project; those of the staff's own visit, which has none, take all."""
    return envelope.session.project_id in (None, asset.project_id)


def _take_along(asset: Asset, visit: Session) -> None:
    """The asset is of this visit now, unless it is of another visitor's."""
    free = Session.objects.filter(Q(user=None) | Q(user=visit.user_id)).exclude(pk=visit.pk)
    movable = Asset.objects.filter(Q(session=None) | Q(session__in=free.values("id")), pk=asset.pk)
    is_moved = movable.update(session=visit, updated_at=timezone.now(), version=F("version") + 1) == 1
    asset.refresh_from_db(fields=["session", "updated_at", "version"])
    if is_moved:
        tell_changed(asset, was_public=asset.submitted)
