"""Who of the cast writes what: every verb of every declaration, tried by all; a refusal changes nothing."""

import pytest

from backend.catalogue import CATALOGUE, writer
from backend.errors import DomainError, NotAuthenticated, NotFound, NotPermitted
from backend.resources.resource import Verb
from backend.resources.viewer import ANONYMOUS
from tests.every_resource import CHANGES, MAKERS, new_rows, rows_of
from tests.unchanged import nothing_changes

NAMES = ("owner", "contributor", "stranger", "curator", "nobody")


@pytest.fixture
def rows(walk, cast):
    return rows_of(walk, cast)


@pytest.fixture
def new(rows, walk):
    return new_rows(rows, walk)


def written(verb):
    """Every declaration with this verb, for each of the cast."""
    return pytest.mark.parametrize(
        ("resource", "name"),
        [(each, name) for each in CATALOGUE if verb in each.verbs for name in NAMES],
        ids=lambda each: each if isinstance(each, str) else each.model.__name__,
    )


@pytest.fixture
def attempt(cast, recording_bus):
    """Lets one of the cast try something; gives whether it was done. If not, nothing has changed."""

    def act(write, *args, name):
        viewer = getattr(cast, name, ANONYMOUS)
        try:
            write(*args, viewer=viewer)
        except DomainError as error:
            assert isinstance(error, NotAuthenticated if name == "nobody" else NotPermitted | NotFound)
            with nothing_changes(recording_bus), pytest.raises(type(error)):
                write(*args, viewer=viewer)
            return False
        return True

    return act


@written(Verb.CREATE)
def test_rows_are_made_by_those_who_may(new, attempt, resource, name):
    allowed = MAKERS.get(resource, CHANGES[resource][1])
    assert attempt(writer.create, resource, new[resource], name=name) == (name in allowed)


@written(Verb.UPDATE)
def test_rows_are_changed_by_those_who_may(rows, attempt, resource, name):
    change, allowed = CHANGES[resource]
    assert attempt(writer.update, resource, rows[resource].pk, change, name=name) == (name in allowed)


@written(Verb.DELETE)
def test_rows_are_deleted_by_those_who_may(rows, attempt, resource, name):
    allowed = CHANGES[resource][1]
    assert attempt(writer.delete, resource, [rows[resource].pk], name=name) == (name in allowed)
    assert resource.model.objects.filter(pk=rows[resource].pk).exists() == (name not in allowed)


def test_every_declaration_that_is_written_is_tried(rows, new):
    assert set(CHANGES) == {resource for resource in CATALOGUE if resource.verbs} == set(rows)
    assert set(new) == {resource for resource in CATALOGUE if Verb.CREATE in resource.verbs}
