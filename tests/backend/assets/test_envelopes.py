"""An asset joins an envelope, and is nobody else's for it."""

import pytest

from backend.assets.envelopes import add_asset_to_envelope, put_into_envelopes
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


def staff_visit():
    return Session.objects.get_or_create(pk=STAFF_SESSION_ID)[0]


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
    session = {"own": make_session(walk.project, cast.contributor), "nobody's": staff_visit()}[whose]
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


def test_the_staffs_own_visit_takes_assets_of_every_project(walk, cast):
    staffs = make_envelope(staff_visit())
    contributors = make_session(walk.project, cast.contributor)
    theirs, nobodys = make_asset(walk.project, session=contributors), make_asset(make_project(name="Another"))
    for asset in (theirs, nobodys):
        add_asset_to_envelope(staffs.pk, asset.pk, viewer=cast.curator)
    assert set(staffs.assets.all()) == {theirs, nobodys}
    assert (session_of(theirs), session_of(nobodys)) == (contributors, staffs.session)


@pytest.fixture
def put(cast):
    """Puts an asset into envelopes, as the contributor; gives the envelopes that it is in then."""

    def act(asset, *envelopes, viewer=cast.contributor):
        put_into_envelopes(asset.pk, [str(envelope.pk) for envelope in envelopes], viewer=viewer)
        return set(asset.envelopes.all())

    return act


@pytest.fixture
def envelope_of(walk):
    """A new envelope of a new visit of somebody, with assets in it."""

    def act(user, *assets, project=walk.project):
        return make_envelope(make_session(project, user), *assets)

    return act


@pytest.fixture
def recording(walk, cast, visit):
    """The contributor's, of their visit."""
    return make_asset(walk.project, user=cast.contributor, session=visit)


def test_it_is_put_into_these_envelopes_and_taken_out_of_the_others(put, cast, envelope_of, recording):
    left, kept = envelope_of(cast.contributor, recording), envelope_of(cast.contributor, recording)
    another = make_asset(recording.project)
    left.assets.add(another)
    joined = make_envelope(recording.session)
    assert put(recording, kept, joined, joined) == {kept, joined}
    assert list(left.assets.all()) == [another]
    assert put(recording) == set()
    assert session_of(recording) == joined.session


def test_it_stays_in_those_that_the_viewer_may_not_write(put, cast, envelope, envelope_of, recording):
    staffs, strangers = make_envelope(staff_visit(), recording), envelope_of(cast.stranger, recording)
    assert put(recording, envelope) == {envelope, staffs, strangers}
    assert put(recording) == {staffs, strangers}
    assert put(recording, strangers, viewer=cast.owner) == {staffs, strangers}
    assert put(recording, viewer=cast.owner) == {staffs}
    assert put(recording, viewer=cast.curator) == set()


def test_it_goes_along_to_the_first_that_it_was_not_in(put, walk, cast, envelope, envelope_of):
    others = [envelope_of(cast.contributor) for _ in range(2)]
    asset = make_asset(walk.project, user=cast.contributor)
    put(asset, envelope)
    assert session_of(asset) == envelope.session
    put(asset, *others)
    assert session_of(asset) == others[0].session
    assert Asset.objects.get(pk=asset.pk).version == 3


def test_it_stays_of_the_visit_of_one_that_was_named(put, cast, envelope, envelope_of, recording):
    put(recording, envelope_of(cast.contributor), envelope)
    assert session_of(recording) == envelope.session
    assert Asset.objects.get(pk=recording.pk).version == 1


def test_staff_put_it_into_their_own_and_it_stays_whose_it_was(put, cast, envelope, recording):
    staffs = make_envelope(staff_visit())
    assert put(recording, staffs, viewer=cast.curator) == {staffs}
    assert session_of(recording) == envelope.session


def test_to_put_it_where_it_is_changes_nothing(put, envelope, recording, recording_bus):
    put(recording, envelope)
    before = everything()
    assert put(recording, envelope) == {envelope}
    assert (everything(), recording_bus.sent) == (before, [])


@pytest.fixture
def refused_envelopes(refused, put, cast, envelope, recording):
    """Asserts that the recording, which is in one envelope, is put neither into another own nor into these."""

    def act(error, *keys, field="envelope_ids", viewer=cast.contributor):
        put(recording, envelope)
        good = make_envelope(envelope.session)
        refused(error, field, put_into_envelopes, recording.pk, [good.pk, *keys], viewer=viewer)

    return act


def test_it_is_put_into_all_or_none(refused_envelopes, cast, envelope_of):
    elsewhere = envelope_of(cast.contributor, project=make_project(name="Another"))
    refused_envelopes(NotPermitted, envelope_of(cast.stranger).pk)
    refused_envelopes(InvalidInput, elsewhere.pk)
    for key in (999_999, "x", None, 2**70):
        refused_envelopes(NotFound, key)
    refused_envelopes(InvalidInput, *range(-500, 0))
    refused_envelopes(InvalidInput, [])


@pytest.mark.parametrize("who", ["stranger", "nobody", "owner"])
def test_nobody_moves_what_is_not_theirs(refused_envelopes, cast, who):
    """An owner may take it out of envelopes of the project, but put it into nobody else's."""
    viewer = ANONYMOUS if who == "nobody" else getattr(cast, who)
    refused_envelopes(NotPermitted, field="envelope_ids" if who == "owner" else "asset_id", viewer=viewer)


@pytest.mark.parametrize("key", ["hidden", 999_999, "x", None])
def test_what_one_does_not_see_cannot_be_moved(refused, walk, cast, envelope, key):
    hidden = make_asset(walk.project, submitted=False)
    asset = hidden.pk if key == "hidden" else key
    refused(NotFound, "asset_id", put_into_envelopes, asset, [envelope.pk], viewer=cast.contributor)
