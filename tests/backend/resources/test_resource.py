"""Finding a row: absence and invisibility are the same."""

import pytest

from backend.assets.resources import ASSET
from backend.errors import NotAuthenticated, NotFound
from backend.listening.resources import STREAM
from backend.resources.viewer import ANONYMOUS, signed_in
from tests.cast import make_asset


def test_a_visible_row_is_found_by_its_number_or_its_text(walk, cast):
    assert ASSET.find(walk.asset.pk, ANONYMOUS) == walk.asset
    assert ASSET.find(str(walk.asset.pk), ANONYMOUS) == walk.asset


@pytest.mark.parametrize("key", [0, -1, 10**30, None, "", "x", "1 OR 1=1", float("nan"), float("inf"), [], {}])
def test_what_is_no_id_is_not_found(walk, key):
    for resource in (ASSET, STREAM):
        with pytest.raises(NotFound):
            resource.find(key, ANONYMOUS)


def test_an_invisible_row_is_refused_as_one_that_is_absent(walk, cast):
    hidden = make_asset(walk.project, submitted=False)
    with pytest.raises(NotFound) as invisible:
        ASSET.find(hidden.pk, cast.stranger, field="asset_id")
    with pytest.raises(NotFound) as absent:
        ASSET.find(hidden.pk + 1000, cast.stranger, field="asset_id")
    assert (invisible.value.message, invisible.value.field) == (absent.value.message, absent.value.field)


def test_a_viewer_without_an_account_is_not_signed_in(cast):
    assert signed_in(cast.stranger) == cast.stranger.pk
    with pytest.raises(NotAuthenticated):
        signed_in(ANONYMOUS)
