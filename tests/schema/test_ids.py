"""Global ids."""

import pytest

from backend.errors import NotFound
from backend.tagging.resources import TAG
from schema.ids import global_id, key_of, parts


def test_an_id_names_a_type_and_a_key():
    given = global_id("Tag", 7)
    assert parts(given) == ("Tag", "7")
    assert key_of(TAG, given) == "7"


@pytest.mark.parametrize("given", ["7", "0b8f6f3e-0000-4000-8000-000000000000", "", "#", "é"])
def test_what_is_no_global_id_is_a_bare_key(given):
    assert parts(given) is None
    assert key_of(TAG, given) == given


def test_an_id_of_another_type_is_not_found():
    with pytest.raises(NotFound) as refused:
        key_of(TAG, global_id("Project", 7), field="tag_ids")
    assert refused.value.field == "tag_ids"
