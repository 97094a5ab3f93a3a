"""What a project takes, from whom, and whether others hear it at once."""

import pytest

from backend.assets.contributions import ContributionsClosed, UploadRequest, contribution, project_of
from backend.errors import InvalidInput, NotFound, NotPermitted
from backend.projects.models import Language
from backend.tagging.models import Tag
from backend.visits.models import Session
from tests.cast import FAR_AWAY, INSIDE, LATITUDE, LONGITUDE, make_envelope, make_project, make_session, make_tags

EDITORS = ("owner", "curator")


@pytest.fixture
def envelope(walk, cast):
    return make_envelope(make_session(walk.project, cast.contributor))


@pytest.fixture
def contribute(envelope, cast):
    """The unsaved asset that somebody's request makes in the contributor's envelope, and what goes with it."""

    def act(*, viewer=cast.contributor, **given):
        return contribution(UploadRequest(envelope_id=envelope.pk, file=None, **given), envelope, viewer=viewer)

    return act


@pytest.fixture
def review(contribute, walk, envelope):
    """`submitted`, latitude and longitude of an upload, with the project and the visit as they are said to be."""

    def act(*, auto_submit=True, is_geo=True, **given):
        walk.project.auto_submit, envelope.session.geo_listen_enabled = auto_submit, is_geo
        envelope.session.project = walk.project
        asset = contribute(**given).asset
        return asset.submitted, asset.latitude, asset.longitude

    return act


HERE, THERE = (LATITUDE, LONGITUDE), tuple(FAR_AWAY.values())


@pytest.mark.parametrize("auto_submit", [True, False])
def test_in_range_the_project_decides_whether_others_hear_it_at_once(review, auto_submit):
    assert review(auto_submit=auto_submit, **INSIDE) == (auto_submit, *HERE)


def test_out_of_range_it_waits_for_an_editor(review):
    assert review(**FAR_AWAY) == (False, *THERE)


def test_a_visit_that_is_not_geographic_is_in_range_everywhere(review):
    assert review(is_geo=False, **FAR_AWAY) == (True, *THERE)
    assert review(is_geo=False, auto_submit=False, **FAR_AWAY) == (False, *THERE)


@pytest.mark.parametrize("is_geo", [True, False])
def test_without_a_place_it_waits_at_the_place_of_the_project(review, walk, is_geo):
    walk.project.latitude, walk.project.longitude = 60.5, 25.0
    assert review(is_geo=is_geo) == (False, 60.5, 25.0)


def test_one_may_always_keep_it_from_others(review, cast):
    for viewer in (cast.contributor, cast.curator):
        assert review(viewer=viewer, submitted=False, **INSIDE) == (False, *HERE)
        assert review(viewer=viewer, submitted=False) == (False, None, None)


@pytest.mark.parametrize("name", EDITORS)
def test_an_editor_passes_the_review_wherever_it_is(review, cast, name):
    editor = getattr(cast, name)
    assert review(viewer=editor, submitted=True, auto_submit=False, **FAR_AWAY) == (True, *THERE)
    assert review(viewer=editor, submitted=True, auto_submit=False) == (True, None, None)


def test_a_contributor_does_not_pass_it_by_asking(review):
    """As if it had not been asked: the old server took every client's word for it."""
    assert review(submitted=True, auto_submit=False, **INSIDE) == (False, *HERE)
    assert review(submitted=True, **FAR_AWAY) == (False, *THERE)
    assert review(submitted=True) == (False, *HERE)
    assert review(submitted=True, **INSIDE) == (True, *HERE)


def test_a_project_that_takes_no_contributions_takes_them_of_its_editors(contribute, walk, cast, envelope):
    envelope.session.project.speak_enabled = False
    with pytest.raises(ContributionsClosed) as refusal:
        contribute()
    assert refusal.value.code == "CONTRIBUTIONS_CLOSED"
    for name in EDITORS:
        assert contribute(viewer=getattr(cast, name)).asset.project == walk.project


def test_it_takes_what_the_visit_says(contribute, walk, cast, envelope):
    asset = contribute().asset
    assert (asset.project, asset.session, asset.user, asset.initial_envelope) == (
        walk.project, envelope.session, cast.contributor, envelope,
    )  # fmt: skip
    assert (asset.language_id, asset.media_type, asset.description) == (1, "audio", "")
    assert (asset.volume, asset.weight, asset.pk) == (1.0, 50, None)


def test_it_takes_what_the_request_says(contribute, walk):
    finnish = Language.objects.create(code="fi")
    another = Tag.objects.create(category=walk.tags[0].category, value="of every project")
    ids = [str(walk.tags[1].pk), walk.tags[0].pk, another.pk, walk.tags[0].pk]
    made = contribute(media_type="photo", description="A gull.", language_id=finnish.pk, tag_ids=ids)
    assert (made.asset.media_type, made.asset.description, made.asset.language) == ("photo", "A gull.", finnish)
    assert {tag.pk for tag in made.tags} == {*(tag.pk for tag in walk.tags), another.pk}


def test_a_visit_without_a_language_leaves_none(contribute, envelope):
    envelope.session.language = None
    assert contribute().asset.language_id is None


@pytest.mark.parametrize("given", [{"weight": 99}, {"volume": 3.0}])
def test_only_editors_say_how_loud_and_how_early(contribute, cast, given):
    ((field, value),) = given.items()
    with pytest.raises(NotPermitted) as refusal:
        contribute(**given)
    assert refusal.value.field == field
    for name in EDITORS:
        assert getattr(contribute(viewer=getattr(cast, name), **given).asset, field) == value


def test_how_long_it_may_last_is_the_projects_word_for_contributors_and_a_setting_for_editors(
    contribute, cast, envelope, settings
):
    envelope.session.project.max_recording_seconds = 30
    settings.RECORDING_MARGIN_SECONDS, settings.STAFF_RECORDING_SECONDS, settings.MAX_ASSET_BYTES = 2.5, 7_200.0, 999
    assert (contribute().limits.seconds, contribute().limits.bytes) == (32.5, 999)
    for name in EDITORS:
        assert contribute(viewer=getattr(cast, name)).limits.seconds == 7_200.0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"media_type": "smell"}, "media_type"),
        ({"latitude": 60.0}, "longitude"),
        ({"longitude": 24.0}, "latitude"),
        ({"latitude": 91, "longitude": 24.0}, "latitude"),
        ({"latitude": "60", "longitude": "nan"}, "longitude"),
        ({"description": "x" * 8_193}, "description"),
        ({"description": "x\0"}, "description"),
        ({"tag_ids": range(501)}, "tag_ids"),
    ],
)
def test_a_value_that_is_none_is_named(contribute, given, field):
    with pytest.raises(InvalidInput) as refusal:
        contribute(**given)
    assert refusal.value.field == field


@pytest.mark.parametrize("key", [999_999, "x", None, 2**70])
def test_tags_and_languages_that_are_not_there_are_not_found(contribute, walk, key):
    with pytest.raises(NotFound) as refusal:
        contribute(tag_ids=[walk.tags[0].pk, key])
    assert refusal.value.field == "tag_ids"
    if key is not None:
        with pytest.raises(NotFound) as refusal:
            contribute(language_id=key)
        assert refusal.value.field == "language_id"


def test_a_tag_of_another_project_is_refused(contribute):
    (foreign,) = make_tags(make_project(name="Another"), "foreign", category="another")
    with pytest.raises(InvalidInput) as refusal:
        contribute(tag_ids=[foreign.pk])
    assert refusal.value.field == "tag_ids"


def test_the_visit_that_staff_upload_in_belongs_to_no_project(db):
    with pytest.raises(InvalidInput) as refusal:
        project_of(make_envelope(Session.objects.get_or_create(id=1)[0]))
    assert refusal.value.field == "envelope_id"
