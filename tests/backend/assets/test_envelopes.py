"""An asset joins an envelope, and is nobody else's for it."""

import pytest

from backend.assets.envelopes import add_asset_to_envelope
from backend.assets.models import Asset, Envelope
from backend.errors import InvalidInput, NotFound, NotPermitted
from backend.resources.viewer import ANONYMOUS
from backend.visits.models import STAFF_SESSION_ID, Session
from tests.cast import make_asset, make_envelope, make_project, make_session


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


@pytest.fixture
def envelope(visit):
    return make_envelope(visit)


def everything():
    return list(Asset.objects.order_by("id").values()), list(Envelope.assets.through.objects.values_list())


def session_of(asset):
    return Asset.objects.get(pk=asset.pk).session


def test_an_own_asset_joins_and_is_of_the_envelopes_visit(walk, cast, visit, envelope):
    asset = make_asset(walk.project, user=cast.contributor)
    found, added = add_asset_to_envelope(envelope.pk, asset.pk, viewer=cast.contributor)
    assert (found, added) == (envelope, asset)
    assert list(envelope.assets.all()) == [asset]
    assert (added.session, added.version) == (visit, 2)
    assert session_of(asset) == visit


def test_adding_it_again_changes_nothing(walk, cast, envelope):
    asset = make_asset(walk.project, user=cast.contributor, filename="x.mp3")
    add_asset_to_envelope(envelope.pk, asset.pk, viewer=cast.contributor)
    before = everything()
    add_asset_to_envelope(envelope.pk, asset.pk, viewer=cast.contributor)
    assert everything() == before


def test_it_stays_in_the_envelopes_that_it_was_in(walk, cast, visit, envelope):
    asset = make_asset(walk.project, user=cast.contributor)
    earlier = make_envelope(make_session(walk.project, cast.contributor), asset)
    add_asset_to_envelope(envelope.pk, asset.pk, viewer=cast.contributor)
    assert set(asset.envelopes.all()) == {earlier, envelope}


@pytest.mark.parametrize("whose", ["own", "nobody's"])
def test_it_comes_along_from_an_own_visit_and_from_nobodys(walk, cast, visit, envelope, whose):
    staffs, _ = Session.objects.get_or_create(pk=STAFF_SESSION_ID)
    session = {"own": make_session(walk.project, cast.contributor), "nobody's": staffs}[whose]
    asset = make_asset(walk.project, session=session, user=cast.contributor)
    add_asset_to_envelope(envelope.pk, asset.pk, viewer=cast.contributor)
    assert session_of(asset) == visit


@pytest.mark.parametrize("who", ["owner", "curator"])
def test_to_file_it_is_not_to_take_it(walk, cast, who):
    editor = getattr(cast, who)
    strangers_visit = make_session(walk.project, cast.stranger)
    asset = make_asset(walk.project, session=strangers_visit)
    editors_envelope = make_envelope(make_session(walk.project, editor))
    _, added = add_asset_to_envelope(editors_envelope.pk, asset.pk, viewer=editor)
    assert list(editors_envelope.assets.all()) == [asset]
    assert session_of(asset) == strangers_visit
    assert added.version == 1


def test_staff_file_into_anybodys_envelope(walk, cast, visit, envelope):
    add_asset_to_envelope(envelope.pk, walk.asset.pk, viewer=cast.curator)
    assert list(envelope.assets.all()) == [walk.asset]
    assert session_of(walk.asset) == visit


@pytest.mark.parametrize("who", ["stranger", "owner", "nobody"])
def test_nobody_else_puts_anything_into_it(walk, cast, envelope, who):
    viewer = ANONYMOUS if who == "nobody" else getattr(cast, who)
    before = everything()
    with pytest.raises((NotPermitted, NotFound)) as refusal:
        add_asset_to_envelope(envelope.pk, walk.asset.pk, viewer=viewer)
    assert refusal.value.field == "envelope_id"
    assert everything() == before


@pytest.mark.parametrize("which", ["everybody's", "a stranger's", "hidden", "of another project", "none"])
def test_nobody_files_what_is_not_theirs_or_of_another_project(walk, cast, envelope, which):
    another = make_project(name="Another")
    assets = {
        "everybody's": (walk.asset.pk, NotPermitted),
        "a stranger's": (make_asset(walk.project, user=cast.stranger).pk, NotPermitted),
        "hidden": (make_asset(walk.project, submitted=False).pk, NotFound),
        "of another project": (make_asset(another, user=cast.contributor).pk, InvalidInput),
        "none": (999_999, NotFound),
    }
    before = everything()
    asset, error = assets[which]
    with pytest.raises(error) as refusal:
        add_asset_to_envelope(envelope.pk, asset, viewer=cast.contributor)
    assert refusal.value.field == "asset_id"
    assert everything() == before


def test_an_envelope_that_is_not_there_is_not_found(walk, cast):
    with pytest.raises(NotFound) as refusal:
        add_asset_to_envelope(999_999, walk.asset.pk, viewer=cast.curator)
    assert refusal.value.field == "envelope_id"
