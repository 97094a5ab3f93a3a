"""Which language of a text somebody reads."""

import pytest

from backend.projects.models import Language, LocalizedString
from backend.projects.texts import localized, reading_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def languages():
    return {code: Language.objects.create(code=code, name=code) for code in ("fi", "sv", "se")}


def texts(languages, *codes):
    english = Language.objects.get(pk=1)
    return [LocalizedString.objects.create(text=code, language=languages.get(code, english)) for code in codes]


def test_the_readers_language_comes_first_then_the_projects_then_english(walk, languages):
    walk.project.languages.set([languages["sv"]])
    order = reading_order(walk.project, languages["fi"].pk)
    assert order == (languages["fi"].pk, languages["sv"].pk, 1)
    assert reading_order(walk.project, None) == (languages["sv"].pk, 1)
    assert reading_order(None, 1) == (1,)


@pytest.mark.parametrize(
    ("there", "read"),
    [(("en", "sv", "fi"), "fi"), (("en", "se", "sv"), "sv"), (("se", "en"), "en"), (("se",), "se"), ((), None)],
)
def test_the_first_language_that_a_text_has_is_read_and_any_before_none(walk, languages, there, read):
    walk.project.languages.set([languages["sv"]])
    order = reading_order(walk.project, languages["fi"].pk)
    assert localized(texts(languages, *there), order) == read


def test_of_two_texts_in_one_language_the_older_is_read(languages):
    first, second = texts(languages, "fi", "fi")
    second.text = "uudempi"
    assert localized([second, first], (languages["fi"].pk,)) == "fi"
