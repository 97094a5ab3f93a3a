"""Foreign keys point down the house, also those whose string key hides from import tools."""

from django.apps import apps

# From the bottom up; Django's own rooms lie below all of ours.
ROOMS = ["documents", "accounts", "projects", "journal", "tagging", "visits", "soundscape", "assets", "listening"]


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in ROOMS]


def test_every_room_of_the_domain_has_models():
    assert {model._meta.app_label for model in our_models()} == set(ROOMS)


def test_no_key_points_up():
    upward = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if field.related_model._meta.app_label in ROOMS
        if ROOMS.index(field.related_model._meta.app_label) > ROOMS.index(model._meta.app_label)
    ]
    assert upward == []


def test_our_keys_reach_no_foreign_room_but_djangos_own():
    strangers = {
        field.related_model._meta.app_label
        for model in our_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
    } - set(ROOMS)
    assert strangers <= {"auth", "contenttypes"}
