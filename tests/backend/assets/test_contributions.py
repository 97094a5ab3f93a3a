"""What a project takes, from whom, and whether others hear it at once."""

import pytest

from backend.assets.contributions import ContributionsClosed, UploadRequest, contribution, project_of
from backend.errors import InvalidInput, NotFound, NotPermitted
from backend.projects.models import Language, LocalizedString
from backend.tagging.models import Tag
from backend.visits.models import STAFF_SESSION_ID, Session
from tests.cast import (
    FAR_AWAY,
    INSIDE,
    LATITUDE,
    LONGITUDE,
    english,
    make_envelope,
    make_project,
    make_session,
    make_tags,
)

EDITORS = ("owner", "curator")


@pytest.fixture
def envelope(walk, cast):
    return make_envelope(make_session(walk.project, cast.contributor))


@pytest.fixture
def contribute(envelope, cast):
    """The unsaved asset that somebody's request makes in the contributor's envelope, and what goes with it."""

    def act(*, viewer=cast.contributor, **given):
        request = UploadRequest(envelope_id=envelope.pk, file=None, **given)
        project = project_of(request, envelope, viewer=viewer)
        return contribution(request, envelope, project, viewer=viewer)

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


TEXTS = [("description_text_ids", "description_texts"), ("alt_text_ids", "alt_texts")]
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
    assert {tag.pk for tag in made.links["tags"]} == {*(tag.pk for tag in walk.tags), another.pk}


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
        ({"description_text_ids": range(501)}, "description_text_ids"),
        ({"alt_text_ids": 1}, "alt_text_ids"),
        ({"start_seconds": -0.1}, "start_seconds"),
        ({"start_seconds": "x"}, "start_seconds"),
        ({"start_seconds": 2.0, "end_seconds": 1.9}, "end_seconds"),
        ({"end_seconds": float("inf")}, "end_seconds"),
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


@pytest.fixture
def texts(db):
    return [LocalizedString.objects.create(language=english(), text=text) for text in ("A gull.", "It cries.")]


@pytest.mark.parametrize(("field", "relation"), TEXTS)
def test_only_editors_give_it_texts(contribute, cast, texts, field, relation):
    given = {field: [str(texts[1].pk), texts[0].pk]}
    with pytest.raises(NotPermitted) as refusal:
        contribute(**given)
    assert refusal.value.field == field
    for name in EDITORS:
        assert contribute(viewer=getattr(cast, name), **given).links == {"tags": [], relation: texts[::-1]}


@pytest.mark.parametrize(("field", "relation"), TEXTS)
@pytest.mark.parametrize("key", [999_999, "x", None])
def test_texts_that_are_not_there_are_not_found(contribute, cast, field, relation, key):
    with pytest.raises(NotFound) as refusal:
        contribute(viewer=cast.owner, **{field: [key]})
    assert refusal.value.field == field


def test_a_part_may_be_chosen_that_is_heard(contribute):
    asset = contribute(start_seconds="1.5", end_seconds=2).asset
    assert (asset.start_seconds, asset.end_seconds) == (1.5, 2.0)
    asset = contribute().asset
    assert (asset.start_seconds, asset.end_seconds) == (None, None)


@pytest.fixture
def staffs_envelope(db):
    return make_envelope(Session.objects.get_or_create(id=STAFF_SESSION_ID, defaults={"geo_listen_enabled": False})[0])


@pytest.fixture
def project_named(walk, cast):
    """The project of an upload into an envelope, with what it names."""

    def act(into, project_id=None):
        request = UploadRequest(envelope_id=into.pk, file=None, project_id=project_id)
        return project_of(request, into, viewer=cast.curator)

    return act


def test_it_is_of_the_project_that_is_visited_which_may_be_named_too(project_named, walk, envelope):
    assert project_named(envelope) == walk.project
    assert project_named(envelope, str(walk.project.pk)) == walk.project


def test_in_the_staffs_own_visit_the_project_is_named(project_named, walk, cast, staffs_envelope):
    assert project_named(staffs_envelope, walk.project.pk) == walk.project
    request = UploadRequest(envelope_id=staffs_envelope.pk, file=None, tag_ids=[walk.tags[0].pk], **FAR_AWAY)
    made = contribution(request, staffs_envelope, walk.project, viewer=cast.curator)
    assert (made.asset.project, made.asset.session, made.links["tags"]) == (
        walk.project, staffs_envelope.session, walk.tags[:1],
    )  # fmt: skip
    # That visit does not listen by place.
    assert made.asset.submitted is True


@pytest.mark.parametrize("which", ["another", "none", "no id"])
def test_a_project_that_is_not_visited_is_refused(project_named, envelope, staffs_envelope, which):
    into, key, error = {
        "another": (envelope, make_project(name="Another").pk, InvalidInput),
        "none": (staffs_envelope, None, InvalidInput),
        "no id": (staffs_envelope, "x", NotFound),
    }[which]
    with pytest.raises(error) as refusal:
        project_named(into, key)
    assert refusal.value.field == "project_id"
