"""Which languages somebody reads."""

import pytest

from backend.projects.models import Language
from schema.reading import Reader, preferred_codes
from tests.cast import make_project


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("", ()),
        ("fi", ("fi",)),
        ("fi-FI, en;q=0.5, sv;q=0.8", ("fi", "sv", "en")),
        ("en;q=0, fi", ("fi",)),
        ("*", ()),
        ("FI, fi-FI;q=0.9", ("fi",)),
        ("en;q=x, fi", ("fi",)),
        (", ;q=1,", ()),
    ],
)
def test_the_header_is_read_as_the_standard_has_it(header, codes):
    assert preferred_codes(header) == codes


def test_ones_own_languages_come_first_then_those_of_the_visit_the_project_and_english(db):
    finnish, swedish, german = (Language.objects.create(code=code).pk for code in ("fi", "sv", "de"))
    project = make_project()
    project.languages.set([swedish])
    reader = Reader("fi")
    reader.prepare()
    assert reader.order(project.pk) == (finnish, swedish, 1)
    assert reader.order(project.pk, german) == (finnish, german, swedish, 1)
    assert reader.order(None) == (finnish, 1)


def test_the_database_is_asked_once(db, django_assert_num_queries):
    reader = Reader("fi")
    with django_assert_num_queries(2):
        reader.prepare()
        reader.prepare()
