"""Types derived from declarations, as strawberry-django knows them."""

from types import SimpleNamespace

import pytest

from backend.resources.viewer import ANONYMOUS
from schema import types
from schema.context import Context
from schema.derive.node import all_nodes
from tests.cast import make_asset, make_session


def asked_by(viewer):
    return SimpleNamespace(context=Context(viewer), return_type=None)


@pytest.mark.parametrize("made", all_nodes(), ids=lambda made: made.__name__)
def test_an_id_is_the_key_of_its_row(made):
    assert made.resolve_id_attr() == "id"
    assert made.__strawberry_django_definition__.model is made.resource.model


def test_strawberry_django_itself_reads_only_what_the_viewer_may_see(walk, cast):
    hidden = make_asset(walk.project, submitted=False, user=cast.contributor)
    for viewer, seen in ((cast.contributor, hidden), (cast.stranger, None), (ANONYMOUS, None)):
        assert types.Asset.resolve_node(str(hidden.pk), info=asked_by(viewer)) == seen


def test_strawberry_django_itself_lists_only_what_the_viewer_may_see(walk, cast):
    visit = make_session(walk.project, cast.contributor)
    assert list(types.Session.resolve_nodes(info=asked_by(cast.contributor))) == [visit]
    assert list(types.Session.resolve_nodes(info=asked_by(cast.stranger))) == []
