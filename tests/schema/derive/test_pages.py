"""Windows and cursors."""

import base64
import json

import pytest

from backend.errors import InvalidInput
from backend.projects.models import Project
from backend.tagging.models import TagCategory, UIGroup
from schema.derive.keyset import Order
from schema.derive.pages import Edge, Page, Window, cut
from tests.cast import make_project

BY_INDEX = Order.of(UIGroup)


def cursor(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.fixture
def groups(db):
    project, kind = make_project(), TagCategory.objects.create(name="x")
    return [
        UIGroup.objects.create(project=project, category=kind, index=index, name=f"{index}{letter}")
        for index in (2, 1)
        for letter in "abc"
    ]


def names(window):
    rows = list(cut(UIGroup.objects.all(), BY_INDEX, window))
    return [row.name for row in Page(rows, BY_INDEX, window).nodes]


def at(name):
    return BY_INDEX.cursor(UIGroup.objects.get(name=name))


def test_the_primary_key_settles_what_the_order_leaves_open():
    assert BY_INDEX.names == ("index", "id")
    assert Order.of(Project).names == ("id",)


def test_pages_go_forward_and_backward_through_equal_places(groups):
    assert names(Window(first=2)) == ["1a", "1b"]
    assert names(Window(first=2, after=at("1b"))) == ["1c", "2a"]
    assert names(Window(last=2)) == ["2b", "2c"]
    assert names(Window(last=2, before=at("2b"))) == ["1c", "2a"]
    assert names(Window(after=at("1a"), before=at("2b"))) == ["1b", "1c", "2a"]
    assert names(Window(first=0)) == []


@pytest.mark.parametrize(
    ("window", "has_next", "has_previous"),
    [
        (Window(first=6), False, False),
        (Window(first=5), True, False),
        (Window(last=6), False, False),
        (Window(last=5), False, True),
    ],
)
def test_a_page_knows_whether_there_is_more(groups, window, has_next, has_previous):
    page = Page(list(cut(UIGroup.objects.all(), BY_INDEX, window)), BY_INDEX, window)
    assert (page.page_info.has_next_page, page.page_info.has_previous_page) == (has_next, has_previous)


def test_an_edge_knows_where_it_stands(groups):
    (row,) = UIGroup.objects.filter(name="2b")
    assert BY_INDEX.read(Edge(row, BY_INDEX).cursor, field="after") == [2, row.pk]


@pytest.mark.parametrize(
    "given",
    [
        "",
        "%",
        "é",
        "WyJ",
        cursor(),
        cursor("id", "1"),
        cursor("index,id", "1"),
        cursor("index,id", "1", "2", "3"),
        cursor("index,id", 1, 2),
        cursor("index,id", "one", "2"),
        cursor("index,id", "\x00", "2"),
        cursor("index,id", None, "2"),
        base64.b64encode(b"[" * 100_000).decode(),
        base64.b64encode(b"7").decode(),
    ],
)
def test_what_is_no_cursor_of_this_list_is_refused(given):
    with pytest.raises(InvalidInput) as refused:
        BY_INDEX.read(given, field="after")
    assert refused.value.field == "after"


def test_a_cursor_beyond_all_numbers_leads_to_an_empty_page(groups):
    assert names(Window(after=cursor("index,id", "9" * 30, "1"))) == []
