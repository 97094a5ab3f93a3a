"""Any order has cursors that are exact, also where values are missing or equal, and that stay while rows come."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from backend.assets.models import Asset, AssetUpload
from backend.errors import InvalidInput
from backend.projects.models import Project
from backend.tagging.models import UIGroup
from schema.derive.keyset import Order
from schema.derive.pages import Page, Window, cut
from tests.cast import make_asset

START = datetime(2026, 11, 3, 12, tzinfo=UTC)
ORDERS = [
    (),
    ("-id",),
    ("weight",),
    ("-weight",),
    ("duration_seconds",),
    ("-duration_seconds",),
    ("-duration_seconds", "weight", "-created_at"),
    ("moderated_at", "-duration_seconds"),
    ("-moderated_at", "id", "weight"),
    ("filename", "-volume"),
]


@pytest.fixture
def assets(db):
    """Twelve, with equal, missing and awkward values."""
    for number in range(12):
        make_asset(
            None,
            weight=50 + number % 3,
            duration_seconds=[None, 0.1, 0.1 + 0.2, 1e-9, None, 12.0][number % 6],
            moderated_at=None if number % 4 else START + timedelta(microseconds=number),
            created_at=START - timedelta(microseconds=number // 2),
            filename=["", "é.mp3", "z", "Z"][number % 4],
            volume=number % 2,
        )


def expected(names):
    """All keys in this order, as Python sorts them: what is missing stands last."""
    rows = list(Asset.objects.order_by("pk"))
    for name in reversed(names):
        column = name.removeprefix("-")
        there = [row for row in rows if getattr(row, column) is not None]
        missing = [row for row in rows if getattr(row, column) is None]
        rows = sorted(there, key=lambda row, column=column: getattr(row, column), reverse=name != column)
        # A stable sort keeps equal rows in order, a reversed one as well.
        rows += missing
    return [row.pk for row in rows]


def page(order, **window):
    window = Window(**window)
    return Page(list(cut(Asset.objects.all(), order, window)), order, window)


@pytest.mark.parametrize("names", [names for names in ORDERS if "filename" not in names], ids=",".join)
def test_an_order_is_as_it_says(assets, names):
    assert [row.pk for row in page(Order.of(Asset, names)).nodes] == expected(names)


@pytest.mark.parametrize("names", ORDERS, ids=",".join)
def test_every_row_is_met_once_from_both_ends_at_every_size(assets, names):
    order = Order.of(Asset, names)
    everything = [row.pk for row in page(order).nodes]
    for size in (1, 2, 5, 12):
        forward, after = [], None
        while True:
            part = page(order, first=size, after=after)
            forward += [row.pk for row in part.nodes]
            after = part.page_info.end_cursor
            if not part.page_info.has_next_page:
                break
        backward, before = [], None
        while True:
            part = page(order, last=size, before=before)
            backward = [row.pk for row in part.nodes] + backward
            before = part.page_info.start_cursor
            if not part.page_info.has_previous_page:
                break
        assert forward == backward == everything


@pytest.mark.parametrize("names", ORDERS, ids=",".join)
def test_a_cursor_parts_the_rows_exactly(assets, names):
    order = Order.of(Asset, names)
    rows = page(order).nodes
    for place, row in enumerate(rows):
        cursor = order.cursor(row)
        assert [each.pk for each in page(order, before=cursor).nodes] == [each.pk for each in rows[:place]]
        assert [each.pk for each in page(order, after=cursor).nodes] == [each.pk for each in rows[place + 1 :]]


@pytest.mark.parametrize("names", ORDERS, ids=",".join)
def test_a_page_goes_on_where_it_ended_while_rows_come_and_go(assets, names):
    order = Order.of(Asset, names)
    seen = page(order, first=5)
    rest = [row.pk for row in page(order).nodes[5:]]
    cursor = seen.page_info.end_cursor
    Asset.objects.filter(pk__in=[row.pk for row in seen.nodes]).delete()
    new = [
        make_asset(None, weight=weight, duration_seconds=duration, created_at=START - timedelta(days=1)).pk
        for weight in (0, 51, 99)
        for duration in (None, 0.2)
    ]
    assert [row.pk for row in page(order, after=cursor).nodes if row.pk not in new] == rest


def test_the_key_stands_last_once():
    assert Order.of(Project).text == "id"
    assert Order.of(UIGroup).text == "index,id"
    assert Order.of(AssetUpload).text == "created_at,id"
    assert Order.of(Asset, ("-weight", "-id", "volume")).text == "-weight,-id"


@pytest.mark.parametrize(
    ("place", "names"),
    [
        (["id", "1"], ("weight",)),
        (["weight,id", "1", "1"], ("-weight",)),
        (["weight,id", None, "1"], ("weight",)),
        (["duration_seconds,id", "nan", "1"], ("duration_seconds",)),
        (["duration_seconds,id", "inf", "1"], ("duration_seconds",)),
        (["created_at,id", "0001-01-01T00:00:00+14:00", "1"], ("created_at",)),
        (["created_at,id", "soon", "1"], ("created_at",)),
        (["created_at,id", "", "1"], ("created_at",)),
        (["weight,id", "9" * 5_000, "1"], ("weight",)),
        (["weight,id", {}, "1"], ("weight",)),
        ({"weight": 1}, ("weight",)),
    ],
    ids=str,
)
def test_a_cursor_of_another_order_or_of_no_value_is_refused(place, names):
    cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
    with pytest.raises(InvalidInput) as refusal:
        Order.of(Asset, names).after(cursor)
    assert refusal.value.field == "after"


def test_a_cursor_of_the_first_column_lets_an_index_begin_there(assets):
    order = Order.of(Asset, ("created_at",))
    cursor = order.cursor(Asset.objects.first())
    assert '"created_at" >= ' in str(cut(Asset.objects.all(), order, Window(after=cursor)).query)


class TestOffsets:
    def test_rows_are_left_out_at_the_start(self, assets):
        order = Order.of(Asset, ("-weight",))
        keys = [row.pk for row in page(order).nodes]
        part = page(order, first=5, offset=4)
        assert [row.pk for row in part.nodes] == keys[4:9]
        assert (part.page_info.has_previous_page, part.page_info.has_next_page) == (True, True)
        end = page(order, offset=10)
        assert [row.pk for row in end.nodes] == keys[10:]
        assert (end.page_info.has_previous_page, end.page_info.has_next_page) == (True, False)
        assert page(order, offset=0).page_info.has_previous_page is False
        assert page(order, offset=10_000).nodes == []

    @pytest.mark.parametrize(
        "window",
        [
            {"offset": -1},
            {"offset": 10_001},
            {"offset": 1, "after": "x"},
            {"offset": 0, "last": 1},
            {"offset": 1, "before": ""},
        ],
        ids=str,
    )
    def test_what_makes_no_offset_is_refused(self, window):
        with pytest.raises(InvalidInput) as refusal:
            Window(**window).checked()
        assert refusal.value.field == "offset"
