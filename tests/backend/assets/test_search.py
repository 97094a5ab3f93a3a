"""What is found by words."""

import pytest

from backend.assets.search import EXCERPT_LETTERS, search
from backend.errors import InvalidInput, NotFound
from backend.projects.models import LocalizedString
from backend.resources.viewer import ANONYMOUS
from backend.tagging.models import Tag
from tests.cast import make_asset, make_project


def text(words):
    return LocalizedString.objects.create(language_id=1, text=words)


def found(walk, words, viewer=ANONYMOUS, most=100):
    return [(hit.found.value, hit.key) for hit in search(walk.project.pk, words, viewer, most=most)]


def ranks(walk, words):
    return {(hit.found.value, hit.key): hit.rank for hit in search(walk.project.pk, words, ANONYMOUS, most=100)}


def asset(walk, description="", **overrides):
    row = make_asset(walk.project, description=description, **overrides)
    return ("asset", row.pk), row


def test_whole_words_come_before_beginnings_and_these_before_the_inside_of_words(walk):
    inside, _ = asset(walk, "the forestones")
    beginning, _ = asset(walk, "Stonemasons at work")
    whole, _ = asset(walk, "a STONE, thrown")
    stone = ("tag", walk.tags[1].pk)
    assert found(walk, "stone") == [whole, stone, beginning, inside]
    assert ranks(walk, "stone") == {whole: 1.0, stone: 0.8, beginning: 0.7, inside: 0.4}


def test_what_it_says_itself_comes_before_texts_in_languages_and_these_before_tags(walk):
    tag = ("tag", walk.tags[0].pk)
    walk.tags[0].message_texts.add(text("By the sea"))
    described, row = asset(walk)
    row.description_texts.add(text("The sea at night"))
    shown, row = asset(walk)
    row.alt_texts.add(text("A picture of the sea"))
    own, row = asset(walk, "Sea")
    row.alt_texts.add(text("The seashore"))
    assert found(walk, "sea") == [own, described, shown, tag]


def test_a_text_must_have_all_the_words_in_any_order(walk):
    both, _ = asset(walk, "Gulls over the sea")
    one, row = asset(walk, "Gulls over the town")
    row.alt_texts.add(text("far from the sea"))
    assert found(walk, "sea gulls") == [both]
    assert found(walk, "gulls, sea! gulls a") == [both]
    assert set(found(walk, "gulls")) == {both, one}


def test_signs_that_sql_reads_as_others_are_only_themselves(walk):
    percent, _ = asset(walk, "100% wool")
    asset(walk, "100 sheep")
    under, _ = asset(walk, "file_name")
    asset(walk, "filename")
    assert found(walk, "100%") == [percent]
    assert found(walk, "%%") == []
    assert found(walk, "file_name") == [under]
    assert found(walk, "'; --") == []
    assert found(walk, r"\w+") == []


def test_case_does_not_matter_in_other_alphabets_either(walk):
    mother, _ = asset(walk, "Äidin laulu")
    song, _ = asset(walk, "ПЕСНЯ о море")
    assert found(walk, "äidin") == found(walk, "ÄIDIN") == [mother]
    assert found(walk, "песня") == [song]


def test_only_what_the_viewer_may_see_in_this_project_is_found(walk, cast):
    hidden, _ = asset(walk, "secret", submitted=False, user=cast.contributor)
    make_asset(make_project(name="Another"), description="secret")
    Tag.objects.create(project=None, category=walk.tags[0].category, value="secret")
    assert found(walk, "secret") == found(walk, "secret", cast.stranger) == []
    for viewer in (cast.contributor, cast.owner, cast.curator):
        assert found(walk, "secret", viewer) == [hidden]


def test_the_best_come_first_and_no_more_than_wanted(walk):
    asset(walk, "seaside")
    best, _ = asset(walk, "sea")
    assert found(walk, "sea", most=1) == [best]
    assert found(walk, "sea", most=0) == []


def test_a_long_text_is_shown_around_the_word(walk):
    asset(walk, "a " * 500 + "needle" + " b" * 500)
    (hit,) = search(walk.project.pk, "needle", ANONYMOUS, most=1)
    assert "needle" in hit.text and len(hit.text) <= EXCERPT_LETTERS + 2
    assert hit.text[0] == hit.text[-1] == "…"
    asset(walk, "haystack" + " b" * 500)
    (hit,) = search(walk.project.pk, "haystack", ANONYMOUS, most=1)
    assert hit.text.startswith("haystack") and hit.text.endswith("…")


def test_it_is_one_statement(walk, django_assert_num_queries):
    for _ in range(5):
        asset(walk, "sea")
    with django_assert_num_queries(1):
        assert len(found(walk, "sea")) == 6


@pytest.mark.parametrize("words", ["", "   ", "a b", ".,;", "x" * 201, "a\x00b", "\ud800\ud800", "aa bb cc dd ee ff"])
def test_what_cannot_be_sought_is_refused(walk, words):
    with pytest.raises(InvalidInput) as refusal:
        found(walk, words)
    assert refusal.value.field == "text"


def test_an_unknown_project_is_not_found(db):
    for nonsense in (10**9, 10**40, "x"):
        with pytest.raises(NotFound):
            search(nonsense, "sea", ANONYMOUS, most=1)
