"""A world in which one visitor has a secret of every kind."""

from dataclasses import dataclass

from django.db.models import Model

from backend.accounts.actions import issue_token
from backend.accounts.models import DeviceProfile, Token, User
from backend.assets.models import Asset, AssetUpload, Envelope, TimedAsset, Vote
from backend.documents.models import Document
from backend.listening.models import ListenEvent, Stream
from backend.visits.models import Event, Session
from schema.ids import global_id
from tests.cast import Cast, Walk, make_asset, make_envelope, make_session

SECRET = "nobody-may-read-this"


@dataclass(frozen=True)
class Secrets:
    """The rows that a stranger may not know of, and one of each kind that they may see but not change."""

    hidden: tuple[Model, ...]
    shown: tuple[Model, ...]

    def ids(self):
        """The global ids of all hidden rows."""
        return {global_id(type(row).__name__, row.pk) for row in self.hidden}

    def of(self, model):
        """A row of this model that is not the stranger's; a hidden one if there is one."""
        return next(row for row in (*self.hidden, *self.shown) if type(row) is model)


def keep_secrets(walk: Walk, cast: Cast) -> Secrets:
    """The contributor has left something of everything in the owner's project."""
    for user in (cast.owner, cast.contributor, cast.curator):
        User.objects.filter(pk=user.pk).update(username=f"{user.username} {SECRET}", email=f"{SECRET}@example.org")
    DeviceProfile.objects.filter(user=cast.contributor).update(device_id=SECRET, client_type=SECRET)
    visit = make_session(walk.project, cast.contributor, device_id=SECRET, client_type=SECRET, client_system=SECRET)
    draft = make_asset(
        walk.project,
        submitted=False,
        session=visit,
        user=cast.contributor,
        description=SECRET,
        filename=f"{SECRET}.wav",
        moderation_reason=SECRET,
    )
    Asset.objects.filter(pk=walk.asset.pk).update(session=visit, user=cast.contributor, moderation_reason=SECRET)
    envelope = make_envelope(visit, draft, walk.asset)
    issue_token(cast.contributor)
    hidden = (
        draft,
        visit,
        cast.contributor,
        cast.owner,
        cast.curator,
        DeviceProfile.objects.get(user=cast.contributor),
        Token.objects.get(user=cast.contributor),
        Event.objects.create(session=visit, event_type=SECRET, data=SECRET, client_time=SECRET, tag_ids=SECRET),
        Vote.objects.create(session=visit, asset=walk.asset, voter=cast.contributor, vote_type="block_user"),
        Stream.objects.create(session=visit, key=SECRET, latitude=60.17, longitude=24.94),
        ListenEvent.objects.create(session=visit, asset=walk.asset, duration_seconds=3),
        AssetUpload.objects.create(session=visit, envelope=envelope, asset=draft, error_message=SECRET),
        TimedAsset.objects.create(project=walk.project, asset=draft, start_seconds=0, end_seconds=9),
        Document.objects.create(sha256="0" * 64, name=SECRET, text=SECRET),
    )
    assert isinstance(visit, Session) and isinstance(envelope, Envelope)
    return Secrets(hidden, (envelope,))
