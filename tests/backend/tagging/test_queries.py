"""Tags, for a viewer, and who may write them."""

import pytest

from backend.errors import NotFound
from backend.resources.viewer import ANONYMOUS
from backend.tagging import queries
from backend.tagging.models import Tag, TagRelationship, UIGroup, UIItem
from backend.tagging.resources import TAG, TAG_CATEGORY, TAG_RELATIONSHIP, UI_GROUP, UI_ITEM
from tests.cast import make_project, make_tags


def test_the_tags_and_groups_of_a_project_are_its_own(walk):
    make_tags(make_project(name="Another"), "wood", category="matter")
    assert list(queries.tags(walk.project.pk, ANONYMOUS)) == walk.tags
    assert [group.name for group in queries.ui_groups(walk.project.pk, ANONYMOUS)] == ["theme"]


def test_a_project_that_is_not_there_has_no_tags(db):
    for query in (queries.tags, queries.ui_groups):
        with pytest.raises(NotFound):
            query(999_999, ANONYMOUS)


def test_owners_write_the_tags_of_their_project_and_staff_those_of_none(walk, cast):
    tag, shared = walk.tags[0], Tag(category=walk.tags[0].category, value="shared")
    group, item = UIGroup.objects.get(), UIItem.objects.first()
    pairs = [
        (TAG, tag),
        (TAG_RELATIONSHIP, TagRelationship(tag=tag)),
        (UI_GROUP, group),
        (UI_ITEM, item),
    ]
    assert all(resource.may_write(cast.owner, row) for resource, row in pairs)
    assert not any(resource.may_write(cast.stranger, row) for resource, row in pairs)
    assert not TAG.may_write(cast.owner, shared)
    assert TAG.may_write(cast.curator, shared)
    assert not TAG_CATEGORY.may_write(cast.owner, tag.category)


def test_groups_and_items_come_by_index(walk):
    late = UIGroup.objects.create(project=walk.project, name="late", category=walk.tags[0].category, index=5)
    early = UIGroup.objects.create(project=walk.project, name="early", category=walk.tags[0].category, index=-1)
    assert list(queries.ui_groups(walk.project.pk, ANONYMOUS)) == [early, UIGroup.objects.get(name="theme"), late]
