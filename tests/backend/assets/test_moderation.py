"""Editors decide about assets, all of them at once or none."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.assets.models import Asset
from backend.assets.moderation import MOST_LETTERS, moderate_assets
from backend.bus.events import AssetChanged, SoundscapeChanged
from backend.errors import InvalidInput, NotAuthenticated, NotFound, NotPermitted
from backend.resources.viewer import ANONYMOUS
from tests.cast import make_asset, make_project, make_session


@pytest.fixture
def waiting(walk, cast):
    """Two assets of the contributor that nobody has decided about."""
    visit = make_session(walk.project, cast.contributor)
    return [make_asset(walk.project, submitted=False, session=visit, user=cast.contributor) for _ in range(2)]


@pytest.fixture
def announced(recording_bus, django_capture_on_commit_callbacks):
    """Moderates, and gives what was published for it."""

    def act(*args, **kwargs):
        already = len(recording_bus.sent)
        with django_capture_on_commit_callbacks(execute=True):
            moderate_assets(*args, **kwargs)
        return recording_bus.sent[already:]

    return act


def everything():
    return list(Asset.objects.order_by("id").values())


def keys(assets):
    return [asset.pk for asset in assets]


@pytest.mark.parametrize("who", ["owner", "curator"])
def test_owners_and_staff_let_assets_be_heard_and_silence_them(walk, cast, waiting, who):
    editor = getattr(cast, who)
    before = timezone.now()
    assert moderate_assets(keys(waiting), viewer=editor, submitted=True) == tuple(keys(waiting))
    for asset in Asset.objects.filter(pk__in=keys(waiting)):
        assert (asset.submitted, asset.moderated_by, asset.moderation_reason) == (True, editor, "")
        assert asset.version == 2
        assert before <= asset.moderated_at <= asset.updated_at <= timezone.now()
    moderate_assets([waiting[0].pk], viewer=editor, submitted=False, reason="Too much wind")
    silenced = Asset.objects.get(pk=waiting[0].pk)
    assert (silenced.submitted, silenced.moderation_reason, silenced.version) == (False, "Too much wind", 3)
    assert Asset.objects.get(pk=waiting[1].pk).submitted is True
    assert Asset.objects.get(pk=walk.asset.pk).version == 1


def test_each_asset_is_told_of_once_and_the_engine_reads_each_project_once(walk, cast, waiting, announced):
    another = make_project(name="Another")
    elsewhere = make_asset(another)
    ids = [*keys(waiting), walk.asset.pk, elsewhere.pk, *keys(waiting)]
    assert announced(ids, viewer=cast.curator, submitted=True) == [
        *(AssetChanged(walk.project.pk, key, False, True) for key in keys(waiting)),
        AssetChanged(walk.project.pk, walk.asset.pk, True, True),
        SoundscapeChanged(walk.project.pk),
        AssetChanged(another.pk, elsewhere.pk, True, True),
        SoundscapeChanged(another.pk),
    ]


def test_to_record_a_decision_costs_two_statements_a_project(walk, cast, waiting):
    with CaptureQueriesContext(connection) as made:
        moderate_assets(keys(waiting), viewer=cast.curator, submitted=True)
    assert sum("journal_" in each["sql"] for each in made) == 2


def test_an_asset_of_no_project_is_staffs(cast, announced):
    asset = make_asset(None, submitted=False, user=cast.contributor)
    with pytest.raises(NotPermitted):
        moderate_assets([asset.pk], viewer=cast.contributor, submitted=True)
    assert announced([asset.pk], viewer=cast.curator, submitted=True) == []
    assert Asset.objects.get(pk=asset.pk).submitted is True


def test_an_asset_that_is_named_twice_is_decided_once(cast, waiting):
    (asset, _) = waiting
    assert moderate_assets([asset.pk, str(asset.pk)], viewer=cast.owner, submitted=True) == (asset.pk,)
    assert Asset.objects.get(pk=asset.pk).version == 2


@pytest.mark.parametrize(
    ("who", "error"),
    [("contributor", NotPermitted), ("stranger", NotFound), ("nobody", NotAuthenticated)],
)
def test_nobody_else_decides_anything(cast, waiting, announced, who, error):
    viewer = ANONYMOUS if who == "nobody" else getattr(cast, who)
    before = everything()
    for submitted in (True, False):
        with pytest.raises(error):
            announced(keys(waiting), viewer=viewer, submitted=submitted)
    assert everything() == before


def test_contributors_do_not_even_silence_what_all_hear(walk, cast):
    before = everything()
    for viewer in (cast.contributor, cast.stranger):
        with pytest.raises(NotPermitted) as refusal:
            moderate_assets([walk.asset.pk], viewer=viewer, submitted=False)
        assert refusal.value.field == "ids"
    assert everything() == before


@pytest.mark.parametrize("foreign", ["heard by all", "hidden", "none"])
def test_one_asset_that_is_not_theirs_stops_all(cast, waiting, announced, foreign):
    another = make_project(name="Another")
    assets = {"heard by all": make_asset(another).pk, "hidden": make_asset(another, submitted=False).pk, "none": "x"}
    before = everything()
    with pytest.raises(NotPermitted if foreign == "heard by all" else NotFound) as refusal:
        announced([*keys(waiting), assets[foreign]], viewer=cast.owner, submitted=True)
    assert refusal.value.field == "ids"
    assert everything() == before


@pytest.mark.parametrize(
    ("ids", "reason", "field"),
    [(range(501), "", "ids"), ([], "x" * (MOST_LETTERS + 1), "reason"), ([], "\x00", "reason")],
)
def test_too_much_at_once_is_refused(cast, waiting, ids, reason, field):
    before = everything()
    with pytest.raises(InvalidInput) as refusal:
        moderate_assets([*keys(waiting), *ids], viewer=cast.curator, submitted=True, reason=reason)
    assert refusal.value.field == field
    assert everything() == before
