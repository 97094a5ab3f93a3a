"""Documents made to cost dearly are refused, each for its reason, before they have cost anything."""

import pytest

from bench.attacks import ATTACKS
from schema.documents import Refused, approved, forget
from schema.root import schema


def code_of(text):
    forget()
    try:
        approved(schema._schema, text)
    except Refused as refused:
        return refused.errors[0].extensions["code"]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_is_refused_for_its_reason(attack):
    assert code_of(attack.text) == attack.code
