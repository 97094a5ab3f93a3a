"""The one writer: who may write what, what is checked in which order, and that a refusal changes nothing."""

import datetime as dt
import re
from dataclasses import replace
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from backend.assets.models import Asset
from backend.assets.resources import ASSET, VOTE
from backend.catalogue import writer
from backend.errors import Conflict, InvalidInput, NotAuthenticated, NotFound, NotPermitted, Unsupported
from backend.projects.models import Language, Project, UIElement, UIElementName
from backend.projects.resources import LANGUAGE, PROJECT, UI_ELEMENT
from backend.resources.values import MOST_KEYS
from backend.resources.viewer import ANONYMOUS, Caller
from backend.soundscape.models import Audiotrack, Speaker
from backend.soundscape.resources import AUDIOTRACK, SPEAKER
from backend.tagging.models import Tag
from backend.tagging.resources import TAG
from backend.visits.resources import SESSION
from tests.cast import make_asset, make_cast, make_project, make_speaker, make_tags, make_walk

SQUARE = {"type": "Polygon", "coordinates": [[[24, 60], [25, 60], [25, 61], [24, 60]]]}


def statements_of(act, *args, **kwargs):
    with CaptureQueriesContext(connection) as captured:
        act(*args, **kwargs)
    ours = [each["sql"] for each in captured.captured_queries]
    return [sql for sql in ours if not re.match("(SAVEPOINT|RELEASE)", sql) and "version()" not in sql]


def test_an_owner_makes_something_in_the_own_project(walk, cast):
    data = {"project": str(walk.project.pk), "code": "new", "shape": SQUARE, "max_volume": 0.5}
    speaker = writer.create(SPEAKER, data, viewer=cast.owner)
    stored = Speaker.objects.get(pk=speaker.pk)
    assert (stored.project, stored.code, stored.max_volume, stored.min_volume) == (walk.project, "new", 0.5, 0.0)
    assert stored.shape.geom_type == "MultiPolygon"
    assert stored.boundary.coords == ((((24, 60), (25, 60), (25, 61), (24, 60))),)


def test_only_owners_and_staff_make_something_in_a_project(walk, cast, refused):
    data = {"project": walk.project.pk, "code": "new"}
    for viewer in (cast.contributor, cast.stranger):
        refused(NotPermitted, None, writer.create, SPEAKER, data, viewer=viewer)
    refused(NotAuthenticated, None, writer.create, SPEAKER, data, viewer=ANONYMOUS)
    assert writer.create(SPEAKER, data, viewer=cast.curator).code == "new"


def test_nothing_is_made_in_or_moved_into_a_foreign_project(walk, cast, refused):
    foreign = make_project(name="Foreign")
    refused(NotPermitted, None, writer.create, SPEAKER, {"project": foreign.pk, "code": "x"}, viewer=cast.owner)
    refused(NotPermitted, None, writer.update, SPEAKER, walk.speaker.pk, {"project": foreign.pk}, viewer=cast.owner)
    theirs = make_speaker(foreign)
    refused(NotPermitted, None, writer.update, SPEAKER, theirs.pk, {"project": walk.project.pk}, viewer=cast.owner)


def test_what_is_left_out_stays_and_null_clears(walk, cast):
    tag = walk.tags[0]
    Tag.objects.filter(pk=tag.pk).update(description="old", data="old")
    writer.update(TAG, tag.pk, {"description": None}, viewer=cast.owner)
    tag.refresh_from_db()
    assert (tag.description, tag.data, tag.value) == (None, "old", "sea")


def test_null_empties_a_text_that_cannot_be_null(walk, cast):
    Asset.objects.filter(pk=walk.asset.pk).update(description="old")
    assert writer.update(ASSET, walk.asset.pk, {"description": None}, viewer=cast.owner).description == ""


@pytest.mark.parametrize("field", ["code", "min_volume", "is_active", "project"])
def test_what_cannot_be_empty_cannot_be_cleared(walk, cast, refused, field):
    # Without a project it is nobody's but staff's, who are told what is wrong.
    refused(InvalidInput, field, writer.update, SPEAKER, walk.speaker.pk, {field: None}, viewer=cast.curator)


def test_a_name_that_is_not_declared_is_not_written(walk, cast, refused):
    for name in ("version", "id", "boundary", "nonsense", "pk", "__class__"):
        refused(InvalidInput, name, writer.update, SPEAKER, walk.speaker.pk, {name: 7}, viewer=cast.curator)


def test_the_rules_of_the_model_hold(walk, cast, refused):
    message = refused(
        InvalidInput, "max_volume", writer.update, SPEAKER, walk.speaker.pk, {"max_volume": -1}, viewer=cast.owner
    )
    assert message == "Must not be less than min_volume."


@pytest.mark.parametrize("key", [0, "x", "", 10**30, None, float("inf"), [], {}])
def test_what_is_no_id_is_not_found(walk, cast, refused, key):
    refused(NotFound, "id", writer.update, SPEAKER, key, {"code": "x"}, viewer=cast.curator)
    refused(
        NotFound, "tag_filters", writer.update, AUDIOTRACK, walk.audiotrack.pk, {"tag_filters": [0]}, viewer=cast.owner
    )
    if not isinstance(key, list | dict):
        refused(NotFound, "ids", writer.delete, SPEAKER, [walk.speaker.pk, key], viewer=cast.curator)


def test_a_hidden_row_is_refused_as_one_that_is_absent(walk, cast, refused):
    hidden = make_asset(walk.project, submitted=False)
    texts = {
        refused(NotFound, "id", writer.update, ASSET, key, {"description": "x"}, viewer=cast.stranger)
        for key in (hidden.pk, hidden.pk + 1000)
    }
    assert len(texts) == 1


def test_what_is_seen_and_not_owned_is_refused_as_not_permitted(walk, cast, refused):
    refused(NotPermitted, None, writer.update, ASSET, walk.asset.pk, {"description": "x"}, viewer=cast.stranger)


def test_related_rows_that_are_hidden_are_refused_as_absent_ones(walk, cast, refused):
    """Users see no other users: nobody finds out by writing who there is."""
    for key in (cast.stranger.pk, cast.stranger.pk + 1000, "x"):
        refused(NotFound, "owners", writer.update, PROJECT, walk.project.pk, {"owners": [key]}, viewer=cast.owner)


def test_links_that_the_viewer_cannot_see_stay(walk, cast):
    walk.project.owners.add(cast.stranger)
    writer.update(PROJECT, walk.project.pk, {"owners": [cast.owner.pk]}, viewer=cast.owner)
    assert set(walk.project.owners.all()) == {cast.owner, cast.stranger}
    writer.update(PROJECT, walk.project.pk, {"owners": [cast.stranger.pk]}, viewer=cast.curator)
    assert set(walk.project.owners.all()) == {cast.stranger}


def test_links_are_replaced_and_cleared(walk, cast):
    more = make_tags(walk.project, "sand", category="ground")
    writer.update(AUDIOTRACK, walk.audiotrack.pk, {"tag_filters": [str(tag.pk) for tag in more]}, viewer=cast.owner)
    assert list(walk.audiotrack.tag_filters.all()) == more
    writer.update(AUDIOTRACK, walk.audiotrack.pk, {"tag_filters": None}, viewer=cast.owner)
    assert list(walk.audiotrack.tag_filters.all()) == []


def test_what_needs_a_link_has_one(walk, cast, refused):
    data = {"name": "New", "latitude": 0, "longitude": 0}
    refused(InvalidInput, "languages", writer.create, PROJECT, data, viewer=cast.curator)
    refused(InvalidInput, "languages", writer.update, PROJECT, walk.project.pk, {"languages": []}, viewer=cast.owner)
    made = writer.create(PROJECT, {**data, "languages": [1]}, viewer=cast.curator)
    assert list(made.languages.all()) == [Language.objects.get(id=1)]


@pytest.mark.parametrize("given", [["x"], 7, [[1]], {"a": 1}])
def test_what_is_no_list_of_ids_is_refused(walk, cast, refused, given):
    kind = NotFound if given in (["x"], {"a": 1}) else InvalidInput
    refused(
        kind, "tag_filters", writer.update, AUDIOTRACK, walk.audiotrack.pk, {"tag_filters": given}, viewer=cast.owner
    )


def test_lists_of_ids_are_bounded(walk, cast, refused):
    many = [*range(1, MOST_KEYS + 2)]
    refused(
        InvalidInput,
        "tag_filters",
        writer.update,
        AUDIOTRACK,
        walk.audiotrack.pk,
        {"tag_filters": many},
        viewer=cast.owner,
    )
    refused(InvalidInput, "ids", writer.delete, SPEAKER, many, viewer=cast.curator)


def test_the_version_grows_with_every_update(walk, cast):
    assert writer.update(SPEAKER, walk.speaker.pk, {}, viewer=cast.owner, expected_version=1).version == 2
    assert writer.update(SPEAKER, walk.speaker.pk, {"code": "x"}, viewer=cast.owner, expected_version=2).version == 3
    assert writer.update(SPEAKER, walk.speaker.pk, {"code": "y"}, viewer=cast.owner).version == 4
    assert Speaker.objects.get().version == 4


def test_an_update_of_what_somebody_else_changed_is_refused(walk, cast, refused):
    writer.update(SPEAKER, walk.speaker.pk, {"code": "first"}, viewer=cast.curator, expected_version=1)
    refused(
        Conflict,
        "expected_version",
        writer.update,
        SPEAKER,
        walk.speaker.pk,
        {"code": "late"},
        viewer=cast.owner,
        expected_version=1,
    )
    refused(NotPermitted, None, writer.update, SPEAKER, walk.speaker.pk, {}, viewer=cast.stranger, expected_version=1)


def test_times_without_a_zone_are_utc(walk, cast):
    for given in ("2026-05-01T12:00:00", "2026-05-01T14:00:00+02:00", dt.datetime(2026, 5, 1, 12)):
        made = writer.update(PROJECT, walk.project.pk, {"published_at": given}, viewer=cast.owner)
        assert made.published_at == dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("given", ["yesterday", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", 7, []])
def test_what_is_no_time_is_refused(walk, cast, refused, given):
    refused(
        InvalidInput,
        "published_at",
        writer.update,
        PROJECT,
        walk.project.pk,
        {"published_at": given},
        viewer=cast.owner,
    )


@pytest.mark.parametrize("given", ["x", {"type": "Point", "coordinates": [1, 2]}, 7, {}])
def test_what_is_no_shape_is_refused(walk, cast, refused, given):
    refused(InvalidInput, "shape", writer.update, SPEAKER, walk.speaker.pk, {"shape": given}, viewer=cast.owner)


@pytest.mark.parametrize("given", [float("nan"), float("inf"), "loud", {}])
def test_what_is_no_number_is_refused(walk, cast, refused, given):
    refused(InvalidInput, "latitude", writer.update, PROJECT, walk.project.pk, {"latitude": given}, viewer=cast.owner)


def test_rows_are_deleted_together_or_not_at_all(walk, cast, refused):
    mine = make_speaker(walk.project)
    theirs = make_speaker(make_project(name="Foreign"))
    refused(NotPermitted, None, writer.delete, SPEAKER, [mine.pk, theirs.pk], viewer=cast.owner)
    refused(NotFound, "ids", writer.delete, SPEAKER, [mine.pk, 0], viewer=cast.owner)
    keys = [str(mine.pk), walk.speaker.pk]
    assert writer.delete(SPEAKER, keys, viewer=cast.owner) == [mine.pk, walk.speaker.pk]
    assert list(Speaker.objects.all()) == [theirs]


def test_what_is_not_declared_is_not_done(walk, cast, refused):
    refused(Unsupported, None, writer.delete, SESSION, [1], viewer=cast.curator)
    refused(Unsupported, None, writer.create, VOTE, {"value": 1}, viewer=cast.curator)
    without = replace(SPEAKER, verbs=())
    refused(Unsupported, None, writer.update, without, walk.speaker.pk, {"code": "x"}, viewer=cast.curator)


def test_values_that_are_taken_already_are_refused_with_the_field(walk, cast, refused):
    Language.objects.create(code="fi", name="Finnish")
    refused(InvalidInput, "code", writer.create, LANGUAGE, {"code": "fi"}, viewer=cast.curator)
    name = UIElementName.objects.create(name="logo", view="home")
    given = {"project": walk.project.pk, "element_name": name.pk, "variant": "@2x", "file_extension": "png"}
    writer.create(UI_ELEMENT, given, viewer=cast.owner)
    refused(InvalidInput, None, writer.create, UI_ELEMENT, given, viewer=cast.owner)
    assert UIElement.objects.count() == 1


def test_two_writers_who_meet_get_a_sentence(walk, cast, refused, monkeypatch):
    def meet(*_args, **_kwargs):
        raise IntegrityError("UNIQUE constraint failed")

    monkeypatch.setattr(Speaker, "save", meet)
    message = refused(InvalidInput, None, writer.update, SPEAKER, walk.speaker.pk, {"code": "x"}, viewer=cast.owner)
    assert message == "It clashes with what somebody else has just written or deleted."


def test_what_is_still_needed_is_not_deleted(walk, cast, refused, monkeypatch):
    def protected(*_args, **_kwargs):
        raise ProtectedError("needed", set())

    monkeypatch.setattr("django.db.models.query.QuerySet.delete", protected)
    message = refused(InvalidInput, None, writer.delete, SPEAKER, [walk.speaker.pk], viewer=cast.owner)
    assert message == "Something else still needs it."


def test_prepare_is_given_rows_and_what_follows_is_part_of_it(walk, cast, refused):
    seen = []

    def prepare(data, *, viewer, row):
        seen.append((dict(data), viewer.id, row.pk))
        return {**data, "code": "prepared"}

    def fail(row, *, viewer, created):
        raise InvalidInput(f"{row.code} {created}")

    watched = replace(SPEAKER, prepare=prepare)
    assert writer.update(watched, walk.speaker.pk, {"project": walk.project.pk}, viewer=cast.owner).code == "prepared"
    assert seen == [({"project": walk.project}, cast.owner.pk, walk.speaker.pk)]
    failing = replace(watched, after_save=fail)
    made = {"project": walk.project.pk, "code": "x"}
    assert refused(InvalidInput, None, writer.create, failing, made, viewer=cast.owner) == "prepared True"
    message = refused(InvalidInput, None, writer.update, failing, walk.speaker.pk, {}, viewer=cast.owner)
    assert message == "prepared False"


def test_an_update_costs_a_fixed_number_of_statements(walk, cast):
    tags = make_tags(walk.project, *map(str, range(40)), category="many")
    data = {"project": walk.project.pk, "tag_filters": [tag.pk for tag in tags], "min_volume": 0.5}
    # The row; the project, the tags; whose it is; the update; its links: found, compared, written.
    assert len(statements_of(writer.update, AUDIOTRACK, walk.audiotrack.pk, data, viewer=cast.owner)) == 8
    assert Audiotrack.objects.get().tag_filters.count() == 40


@pytest.mark.parametrize("rows", [1, 30])
def test_a_deletion_costs_a_fixed_number_of_statements(walk, cast, rows):
    keys = [make_speaker(walk.project).pk for _ in range(rows)]
    # The rows; whose they are; the rows again, for their signals; the deletion.
    assert len(statements_of(writer.delete, SPEAKER, keys, viewer=cast.owner)) == 4


def test_a_caller_knows_nothing_of_an_earlier_change(walk, cast, refused):
    """Ownership that was taken away counts at once, also for a viewer object that lives on."""
    caller = Caller.of(cast.owner)
    writer.update(SPEAKER, walk.speaker.pk, {"code": "x"}, viewer=caller)
    walk.project.owners.clear()
    refused(NotPermitted, None, writer.update, SPEAKER, walk.speaker.pk, {"code": "y"}, viewer=caller)
    assert Project.objects.get().owners.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_editors_who_meet_one_is_first_and_the_others_are_told():
    walk = make_walk()
    curator = make_cast().curator
    start, outcomes = Barrier(4), []

    def edit(code):
        start.wait()
        try:
            writer.update(SPEAKER, walk.speaker.pk, {"code": code}, viewer=curator, expected_version=1)
            outcomes.append(code)
        except Conflict as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    editors = [Thread(target=edit, args=(str(number),)) for number in range(4)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    (first,) = set(outcomes) - {"VERSION_CONFLICT"}
    assert sorted(outcomes) == sorted([first, *3 * ["VERSION_CONFLICT"]])
    assert Speaker.objects.values_list("code", "version").get() == (first, 2)
