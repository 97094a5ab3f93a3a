"""The benchmark of the old API compares lists that tell the same."""

import json

import pytest
from django.test import Client, RequestFactory

from bench.rest import check_alike, make_project
from bench.rest_peers import views

ROWS = 12


def test_the_peers_tell_what_our_door_tells(db):
    prepared = make_project(ROWS)
    ours = Client(headers={"Authorization": f"Token {prepared.staff}"}).get("/api/2/assets/").json()
    answers = {"ours": ours}
    for address, view in views().items():
        response = view(RequestFactory().get(f"/{address}", headers={"Accept": "application/json"}))
        getattr(response, "render", lambda: None)()
        answers[address] = json.loads(response.content)
    check_alike(answers, rows=ROWS)
    assert ours[0]["shape"]["type"] == "MultiPolygon"
    assert all(asset["user"]["email"] and len(asset["tag_ids"]) == 3 for asset in ours)


@pytest.mark.parametrize("other", [[{"id": 1}], [{"id": 1}, {"id": 3}], [{"id": 1}, {"id": 2, "more": None}]])
def test_a_peer_that_tells_less_or_something_else_ends_the_benchmark(other):
    rows = [{"id": 1}, {"id": 2}]
    check_alike({"ours": rows, "alike": [*rows]}, rows=2)
    with pytest.raises(RuntimeError, match="ours"):
        check_alike({"ours": rows, "alike": [*rows], "other": other}, rows=2)
