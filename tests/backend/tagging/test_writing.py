"""What tags and screens name is of their own project, whichever door writes it; trees have no circles."""

import pytest

from backend.catalogue import writer
from backend.errors import InvalidInput, NotPermitted
from backend.resources.trees import MOST_LEVELS
from backend.tagging.models import Tag, TagRelationship, UIGroup, UIItem
from backend.tagging.resources import TAG, TAG_RELATIONSHIP, UI_GROUP, UI_ITEM
from tests.cast import make_project, make_tags


@pytest.fixture
def other(walk, cast):
    """Another project of the same owner, with tags of its own."""
    project = make_project(name="Other")
    project.owners.add(cast.owner)
    make_tags(project, "hill", category="relief")
    return project


@pytest.fixture
def common(walk):
    """A tag of no project."""
    return Tag.objects.create(category=walk.tags[0].category, value="common")


def test_only_staff_write_tags_of_no_project(walk, cast, refused, common):
    refused(NotPermitted, None, writer.update, TAG, common.pk, {"value": "x"}, viewer=cast.owner)
    refused(NotPermitted, None, writer.update, TAG, walk.tags[0].pk, {"project": None}, viewer=cast.owner)
    assert writer.update(TAG, common.pk, {"value": "x"}, viewer=cast.curator).value == "x"


def test_an_item_offers_tags_of_its_project_or_of_none(walk, cast, refused, other, common):
    group = walk.project.ui_groups.get()
    theirs = {"group": group.pk, "tag": other.tags.get().pk, "index": 1}
    for viewer in (cast.owner, cast.curator):
        refused(InvalidInput, "tag", writer.create, UI_ITEM, theirs, viewer=viewer)
    assert writer.create(UI_ITEM, {**theirs, "tag": common.pk}, viewer=cast.owner).tag == common


def test_an_item_stands_below_one_of_its_project(walk, cast, refused, other):
    item = UIItem.objects.filter(group__project=walk.project).first()
    theirs = UIItem.objects.get(group__project=other)
    refused(InvalidInput, "parent", writer.update, UI_ITEM, item.pk, {"parent": theirs.pk}, viewer=cast.owner)


def test_an_item_moves_to_no_foreign_group(walk, cast, refused):
    foreign = make_project(name="Foreign")
    group = UIGroup.objects.create(project=foreign, name="x", category=walk.tags[0].category, index=0)
    item = UIItem.objects.create(group=walk.project.ui_groups.get(), tag=walk.tags[0], index=9)
    item.tag.project = None
    item.tag.save()
    refused(NotPermitted, None, writer.update, UI_ITEM, item.pk, {"group": group.pk}, viewer=cast.owner)


def test_a_group_moves_to_no_foreign_project(walk, cast, refused):
    group, foreign = walk.project.ui_groups.get(), make_project(name="Foreign")
    refused(NotPermitted, None, writer.update, UI_GROUP, group.pk, {"project": foreign.pk}, viewer=cast.owner)


def test_a_tree_is_of_one_projects_tags_and_those_of_none(walk, cast, refused, other, common):
    root = TagRelationship.objects.create(tag=other.tags.get())
    given = {"tag": walk.tags[0].pk, "parent": root.pk}
    refused(InvalidInput, "parent", writer.create, TAG_RELATIONSHIP, given, viewer=cast.owner)
    above = TagRelationship.objects.create(tag=common)
    assert writer.create(TAG_RELATIONSHIP, {**given, "parent": above.pk}, viewer=cast.owner).parent == above


def test_nothing_stands_below_itself(walk, cast, refused):
    places = [TagRelationship.objects.create(tag=walk.tags[0])]
    for _ in range(3):
        places.append(TagRelationship.objects.create(tag=walk.tags[0], parent=places[-1]))
    for below in places:
        given = {"parent": below.pk}
        refused(InvalidInput, "parent", writer.update, TAG_RELATIONSHIP, places[0].pk, given, viewer=cast.owner)
    item = UIItem.objects.first()
    refused(InvalidInput, "parent", writer.update, UI_ITEM, item.pk, {"parent": item.pk}, viewer=cast.owner)


def test_trees_are_not_deeper_than_anybody_needs(walk, cast, refused):
    place = None
    for _ in range(MOST_LEVELS):
        place = writer.create(
            TAG_RELATIONSHIP, {"tag": walk.tags[0].pk, "parent": place and place.pk}, viewer=cast.owner
        )
    given = {"tag": walk.tags[0].pk, "parent": place.pk}
    refused(InvalidInput, "parent", writer.create, TAG_RELATIONSHIP, given, viewer=cast.owner)
