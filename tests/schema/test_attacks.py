"""Documents made to cost dearly are refused, each for its reason, before they have cost anything."""

import pytest

from bench.attacks import ATTACKS, milliseconds
from schema.documents import Refused, approved, forget
from schema.root import schema

# 100 ms is what is promised; this machine may be busy with other tests.
MOST_MILLISECONDS = 300


def code_of(text):
    forget()
    try:
        approved(schema._schema, text)
    except Refused as refused:
        return refused.errors[0].extensions["code"]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_is_refused_for_its_reason(attack):
    assert code_of(attack.text) == attack.code


def test_none_takes_long():
    slow = {attack.name: spent for attack in ATTACKS if (spent := milliseconds(attack.text)) > MOST_MILLISECONDS}
    assert slow == {}
