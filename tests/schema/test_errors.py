"""Every broken rule has a type, and no fault of ours shows its text."""

import logging

import pytest
from graphql import GraphQLError

from backend import errors as domain
from schema import errors


class OfItsOwn(domain.DomainError):
    """A rule of some room."""

    code = "OF_ITS_OWN"


@pytest.mark.parametrize(
    ("raised", "shown"),
    [
        (domain.NotFound("x"), errors.NotFoundError),
        (domain.InvalidInput("x", field="range_min"), errors.InvalidInputError),
        (domain.NotPermitted("x"), errors.NotPermittedError),
        (domain.NotAuthenticated("x"), errors.NotAuthenticatedError),
        (domain.Unsupported("x"), errors.UnsupportedError),
        (domain.EngineUnavailable("x"), errors.UnavailableError),
        (OfItsOwn("x"), errors.RefusedError),
    ],
)
def test_a_broken_rule_is_shown_as_its_type_with_its_code(raised, shown):
    presented = errors.presented(raised, "mine")
    assert type(presented) is shown
    assert (presented.code, presented.message, presented.client_mutation_id) == (raised.code, "x", "mine")
    assert presented.field == ("rangeMin" if raised.field else None)


def test_a_broken_rule_beside_the_data_keeps_its_code_and_place():
    error = GraphQLError("x", path=["a"], original_error=domain.InvalidInput("no", field="range_min"))
    (shown,) = errors.public([error])
    assert shown.formatted == {
        "message": "no",
        "path": ["a"],
        "extensions": {"code": "INVALID_INPUT", "field": "rangeMin"},
    }


@pytest.mark.parametrize("path", [["a"], None])
def test_a_fault_is_logged_under_the_number_that_the_client_gets(caplog, path):
    with caplog.at_level(logging.ERROR):
        (shown,) = errors.public([GraphQLError("swordfish", path=path, original_error=KeyError("swordfish"))])
    assert "swordfish" not in str(shown.formatted)
    assert shown.extensions["code"] == "INTERNAL_ERROR"
    assert shown.extensions["id"] in caplog.text
