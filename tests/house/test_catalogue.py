"""Every table has a declaration, a type in the schema and a page in the admin; none is exposed because it exists."""

from django.apps import apps
from django.contrib import admin

from backend.catalogue import CATALOGUE
from schema.root import schema
from tests.house.test_foreign_keys import our_models

# The log of events: subscriptions alone tell of it, each event to whom it concerns.
NO_RESOURCES = {"Head", "Entry"}


def test_the_catalogue_names_every_model_once():
    declared = [resource.model.__name__ for resource in CATALOGUE]
    assert len(declared) == len(set(declared))
    assert set(declared) == {model.__name__ for model in our_models()} - NO_RESOURCES


def test_every_declared_model_is_a_type_of_the_schema():
    types = set(schema._schema.type_map)
    assert {resource.model.__name__ for resource in CATALOGUE} <= types
    assert "digest" not in schema._schema.type_map["Token"].fields


def test_every_model_has_its_page_in_the_admin():
    assert {model for model in our_models() if not admin.site.is_registered(model)} == set()


def test_no_other_model_of_ours_hides_in_another_app():
    ours = {model for model in apps.get_models() if model.__module__.split(".")[0] in ("backend", "schema", "realtime")}
    assert ours == set(our_models())
