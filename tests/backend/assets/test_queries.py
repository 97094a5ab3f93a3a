"""Assets, for a viewer: the ways to seek them that only the old API has."""

import pytest

from backend.assets.models import Asset
from backend.assets.queries import at_coordinate, of_people, random_assets, with_any_tag, with_text
from backend.assets.resources import ASSET
from backend.errors import InvalidInput
from backend.resources.viewer import ANONYMOUS
from tests.cast import LATITUDE, LONGITUDE, make_asset

EVERY = Asset.objects.order_by("pk")


class TestAtRandom:
    @pytest.fixture
    def many(self, walk):
        return [walk.asset, *(make_asset(walk.project, weight=number) for number in range(9))]

    def test_so_many_come_in_the_order_of_their_ids(self, many):
        chosen = [asset.pk for asset in random_assets(EVERY, 4)]
        assert len(chosen) == 4
        assert chosen == sorted(chosen)

    def test_each_may_come(self, many):
        met = {asset.pk for _ in range(60) for asset in random_assets(EVERY, 3)}
        assert met == {asset.pk for asset in many}

    def test_of_fewer_all_come_and_of_none_none(self, many):
        assert list(random_assets(EVERY, 100)) == many
        assert list(random_assets(EVERY, 0)) == []
        assert list(random_assets(Asset.objects.none(), 5)) == []

    def test_only_of_the_rows_that_are_asked_for(self, many):
        light = Asset.objects.filter(weight__lt=2)
        assert set(random_assets(light, 5)) == set(light)

    def test_whoever_reads_twice_reads_of_the_same_ones(self, many):
        chosen = random_assets(EVERY, 3)
        first = [asset.pk for asset in chosen.all()]
        assert [[asset.pk for asset in chosen.all()] for _ in range(10)] == [first] * 10

    def test_it_takes_one_statement_to_choose(self, many, django_assert_num_queries):
        with django_assert_num_queries(1):
            chosen = random_assets(EVERY, 5)
        with django_assert_num_queries(1):
            assert len(chosen) == 5

    def test_less_than_none_is_refused(self, many):
        with pytest.raises(InvalidInput) as refusal:
            random_assets(EVERY, -1)
        assert refusal.value.field == "limit"


@pytest.mark.parametrize("text", ["gull", "GULLS", "É", "école", "ÉCOLE", "a.MP3"])
def test_a_text_is_sought_in_descriptions_and_names_of_files(walk, text):
    make_asset(walk.project, description="a drill", filename="b.mp3")
    Asset.objects.filter(pk=walk.asset.pk).update(description="Gulls over the École")
    assert list(with_text(EVERY, text)) == [walk.asset]


def test_a_text_that_is_in_both_finds_an_asset_once(walk):
    Asset.objects.filter(pk=walk.asset.pk).update(description="this is a.mp3")
    assert list(with_text(EVERY, "a.mp3")) == [walk.asset]


def test_signs_of_a_pattern_are_letters_like_others(walk):
    Asset.objects.filter(pk=walk.asset.pk).update(description="100%_")
    assert list(with_text(EVERY, "%_")) == [walk.asset]
    assert list(with_text(EVERY, "a_mp3")) == []


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 257])
def test_what_is_no_text_is_refused_in_its_field(walk, cast, text):
    for seek in (
        lambda: with_text(EVERY, text, field="text_filter"),
        lambda: of_people(EVERY, text, cast.curator, field="text_filter"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            seek()
        assert refusal.value.field == "text_filter"


class TestByPeople:
    @pytest.fixture
    def theirs(self, walk, cast):
        cast.contributor.last_name, cast.contributor.email = "Vértes", "v@example.org"
        cast.contributor.save()
        return make_asset(walk.project, user=cast.contributor)

    @pytest.mark.parametrize("text", ["contribut", "VÉRTES", "vértes", "@example"])
    def test_assets_are_found_by_those_who_see_their_author(self, cast, theirs, text):
        for viewer in (cast.curator, cast.contributor):
            assert list(of_people(ASSET.rows(viewer), text, viewer)) == [theirs]

    def test_others_learn_nothing_of_an_author(self, cast, theirs):
        for viewer in (cast.stranger, cast.owner, ANONYMOUS):
            assert list(of_people(ASSET.rows(viewer), "contribut", viewer)) == []

    def test_it_is_one_statement(self, cast, theirs, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert list(of_people(ASSET.rows(cast.curator), "contribut", cast.curator)) == [theirs]


def test_a_coordinate_is_exact_and_none_narrows_nothing(walk):
    east = make_asset(walk.project, longitude=LONGITUDE + 1e-9)
    nowhere = make_asset(walk.project, latitude=None, longitude=None)
    assert list(at_coordinate(EVERY)) == [walk.asset, east, nowhere]
    assert list(at_coordinate(EVERY, latitude=LATITUDE)) == [walk.asset, east]
    assert list(at_coordinate(EVERY, longitude=LONGITUDE)) == [walk.asset]
    assert list(at_coordinate(EVERY, latitude=LATITUDE, longitude=LONGITUDE + 1e-9)) == [east]
    assert list(at_coordinate(EVERY, latitude=0.0)) == []


def test_any_of_the_tags_is_enough_and_finds_an_asset_once(walk, django_assert_num_queries):
    both, second, _bare = make_asset(walk.project), make_asset(walk.project), make_asset(walk.project)
    both.tags.set(walk.tags)
    second.tags.set(walk.tags[1:])
    keys = [tag.pk for tag in walk.tags]
    with django_assert_num_queries(1):
        assert list(with_any_tag(EVERY, keys)) == [walk.asset, both, second]
    assert list(with_any_tag(EVERY, keys[1:])) == [both, second]
    assert list(with_any_tag(EVERY, [999_999])) == []
    assert list(with_any_tag(EVERY, [])) == []
