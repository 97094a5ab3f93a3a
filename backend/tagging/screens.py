"""The choices that a client offers: on a screen for listening, and on one for speaking."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from django.db.models import Prefetch, QuerySet

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


Screens: TypeAlias = dict[UIMode, list[Choice]]


def choices(project_id: object, viewer: Viewer) -> Screens:
    """What a project offers on both screens. Raises NotFound when the viewer may not see the project."""
    return screens(offered(ui_groups(project_id, viewer), viewer))


def offered(groups: QuerySet[UIGroup], viewer: Viewer) -> QuerySet[UIGroup]:
    """Those that stand on a screen, with all that `screens` and a client need of them, in four statements."""
    items = UI_ITEM.rows(viewer).filter(is_active=True).select_related("tag").prefetch_related("tag__message_texts")
    active = groups.filter(is_active=True, ui_mode__in=MODES).select_related("category")
    return active.prefetch_related("header_texts", Prefetch("items", items))


def screens(groups: Iterable[UIGroup]) -> Screens:
    """The groups of one project, as `offered` gives them, on their screens."""
    found: Screens = {mode: [] for mode in MODES}
    for group in groups:
        mode = UIMode(group.ui_mode)
        items = group.items.all()
        found[mode].append(Choice(group, tuple(_once_a_tag(items) if mode is UIMode.LISTEN else items)))
    return found


def _once_a_tag(items: Iterable[UIItem]) -> Iterator[UIItem]:
    """Listening knows no tree of choices: an item stands there once, though it has several parents for speaking."""
    seen: set[int] = set()
    for item in items:
        if item.tag_id not in seen:
            seen.add(item.tag_id)
            yield item
