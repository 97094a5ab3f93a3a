"""Negotiation, as RFC 9110 has it."""

import pytest

from schema.http_messages import JSON, RESPONSE_JSON, BadRequest, Request


def request(accept=None, method="GET", query=""):
    return Request(method, "/graphql/", query, {} if accept is None else {"accept": accept})


@pytest.mark.parametrize("accept", ["application/json;q=0", "application/json;q=x", "text/*"])
def test_what_is_not_wanted_is_not_sent(accept):
    with pytest.raises(BadRequest) as refused:
        request(accept).media_type()
    assert refused.value.status == 406


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        (f"{JSON};q=0, */*", RESPONSE_JSON),
        (f"{RESPONSE_JSON.upper()}", RESPONSE_JSON),
        (f"{JSON}, {RESPONSE_JSON}", RESPONSE_JSON),
    ],
)
def test_the_most_wanted_is_sent(accept, expected):
    assert request(accept).media_type() == expected


def test_only_a_browser_that_opens_the_address_gets_the_page():
    assert request("text/html").wants_page
    assert not request("text/html", query="query=%7Ba%7D").wants_page
    assert not request("text/html", method="POST").wants_page
    assert not request("application/json").wants_page
    assert not request().wants_page
