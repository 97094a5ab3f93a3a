"""The choices that a client offers: on a screen for listening, and on one for speaking."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch

from backend.resources.viewer import Viewer
from backend.tagging.models import UIGroup, UIItem, UIMode
from backend.tagging.queries import ui_groups
from backend.tagging.resources import UI_ITEM

MODES = (UIMode.LISTEN, UIMode.SPEAK)


@dataclass(frozen=True, slots=True)
class Choice:
    """One active group with its active items, in order; texts and tags are fetched."""

    group: UIGroup
    items: tuple[UIItem, ...]


def choices(project_id: object, viewer: Viewer) -> dict[UIMode, list[Choice]]:
    """What a project offers on both screens. Raises NotFound when the viewer may not see the project."""
    items = UI_ITEM.rows(viewer).filter(is_active=True).select_related("tag").prefetch_related("tag__message_texts")
    groups = (
        ui_groups(project_id, viewer)
        .filter(is_active=True, ui_mode__in=MODES)
        .select_related("category")
        .prefetch_related("header_texts", Prefetch("items", items))
    )
    found: dict[UIMode, list[Choice]] = {mode: [] for mode in MODES}
    for group in groups:
        mode = UIMode(group.ui_mode)
        offered = group.items.all()
        found[mode].append(Choice(group, tuple(_once_a_tag(offered) if mode is UIMode.LISTEN else offered)))
    return found


def _once_a_tag(items: Iterable[UIItem]) -> Iterator[UIItem]:
    """Listening knows no tree of choices: an item stands there once, though it has several parents for speaking."""
    seen: set[int] = set()
    for item in items:
        if item.tag_id not in seen:
            seen.add(item.tag_id)
            yield item
