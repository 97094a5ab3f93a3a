"""The choices that a client offers."""

import pytest

from backend.errors import NotFound
from backend.tagging.models import UIGroup, UIItem, UIMode
from backend.tagging.screens import choices
from tests.cast import Cast, Walk


def test_only_what_is_active_is_offered_in_order(walk: Walk, cast: Cast) -> None:
    sea, stone = walk.tags
    first = UIGroup.objects.create(project=walk.project, name="first", category=sea.category, index=-1)
    UIGroup.objects.create(project=walk.project, name="off", category=sea.category, index=0, is_active=False)
    UIGroup.objects.create(project=walk.project, name="browse", category=sea.category, index=0, ui_mode="browse")
    UIItem.objects.filter(tag=sea).update(is_active=False)
    offered = choices(walk.project.pk, cast.stranger)
    assert [choice.group.name for choice in offered[UIMode.LISTEN]] == [first.name, "theme"]
    assert [[item.tag for item in choice.items] for choice in offered[UIMode.LISTEN]] == [[], [stone]]
    assert offered[UIMode.SPEAK] == []


def test_a_tag_stands_once_for_listening_and_in_its_tree_for_speaking(walk: Walk, cast: Cast) -> None:
    sea, stone = walk.tags
    listen = UIGroup.objects.get(project=walk.project)
    speak = UIGroup.objects.create(
        project=walk.project, name="speak", category=sea.category, index=1, ui_mode=UIMode.SPEAK
    )
    for group in (listen, speak):
        roots = [UIItem.objects.create(group=group, tag=stone, index=index, is_active=True) for index in (-2, -1)]
        for root in roots:
            UIItem.objects.create(group=group, tag=sea, index=9, parent=root, is_active=True)
    offered = choices(walk.project.pk, cast.stranger)
    assert [item.tag for item in offered[UIMode.LISTEN][0].items] == [stone, sea]
    assert [item.tag for item in offered[UIMode.SPEAK][0].items] == [stone, stone, sea, sea]


def test_an_unknown_project_offers_nothing(cast: Cast) -> None:
    with pytest.raises(NotFound):
        choices(10**9, cast.curator)
