"""What the rows of a list lead to: each of it once, and nothing that the viewer may not see."""

import pytest

from backend.assets.models import Asset, Envelope
from backend.catalogue import reader
from tests.cast import make_asset, make_envelope, make_session


@pytest.fixture
def envelope(walk, cast):
    """With two assets that all may hear, and one that waits."""
    session = make_session(walk.project, cast.contributor)
    heard = [make_asset(walk.project, session=session) for _ in range(2)]
    return make_envelope(session, *heard, make_asset(walk.project, session=session, submitted=False))


def test_links_name_each_row_once_and_none_that_is_hidden(envelope, cast):
    first, second, waiting = Asset.objects.filter(envelopes=envelope).order_by("pk").values_list("pk", flat=True)

    def seen_by(viewer):
        return reader.links(Envelope, ["assets"], [envelope.pk], viewer)["assets"][envelope.pk]

    assert seen_by(cast.contributor) == [first, second, waiting]
    assert seen_by(cast.stranger) == [first, second]


def test_related_rows_come_once_and_none_that_is_hidden(envelope, cast):
    def seen_by(viewer):
        return reader.related(Envelope, "assets", [envelope.pk], viewer, "submitted")[envelope.pk]

    assert seen_by(cast.contributor) == [(True,), (True,), (False,)]
    assert seen_by(cast.stranger) == [(True,), (True,)]
