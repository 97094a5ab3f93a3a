"""The pictures of a project, as the old apps have them."""

import pytest

from backend.errors import InvalidInput, NotFound
from backend.projects.elements import elements_of
from backend.projects.models import LocalizedString, UIElement, UIElementName, Variant, View
from backend.resources.viewer import ANONYMOUS
from tests.cast import make_project


def make_element(project, view, name, variant=Variant.X2):
    place, _ = UIElementName.objects.get_or_create(view=view, name=name)
    return UIElement.objects.create(project=project, element_name=place, variant=variant, file_extension="png")


@pytest.fixture
def listen(walk):
    make_element(make_project(name="Other"), View.LISTEN, "like")
    make_element(walk.project, View.LISTEN, "like", Variant.HDPI)
    return make_element(walk.project, View.LISTEN, "like")


def test_they_are_those_of_one_project_at_one_density(walk, cast, listen):
    for viewer in (ANONYMOUS, cast.stranger, cast.owner):
        assert list(elements_of(walk.project.pk, viewer, variant="@2x")) == [listen]
        assert list(elements_of(str(walk.project.pk), viewer, variant="-mdpi")) == []


def test_they_come_screen_by_screen_with_all_that_is_shown_of_them(walk, listen, django_assert_num_queries):
    flag, home = make_element(walk.project, View.LISTEN, "flag"), make_element(walk.project, View.HOME, "title")
    for element in (listen, flag, home):
        element.label_texts.add(LocalizedString.objects.create(text=f"of {element.pk}", language_id=1))
    with django_assert_num_queries(3):
        shown = [
            (element.element_name.view, element.element_name.name, [text.text for text in element.label_texts.all()])
            for element in elements_of(walk.project.pk, ANONYMOUS, variant="@2x")
        ]
    assert shown == [
        ("home", "title", [f"of {home.pk}"]),
        ("listen", "flag", [f"of {flag.pk}"]),
        ("listen", "like", [f"of {listen.pk}"]),
    ]


@pytest.mark.parametrize("variant", ["", "2x", "@2X", None])
def test_a_density_that_is_none_is_refused(walk, variant):
    with pytest.raises(InvalidInput) as refusal:
        elements_of(walk.project.pk, ANONYMOUS, variant=variant)
    assert refusal.value.field == "variant"


def test_a_project_that_is_not_there_has_none(db):
    with pytest.raises(NotFound) as refusal:
        elements_of(999_999, ANONYMOUS, variant="@2x")
    assert refusal.value.field == "project_id"
