"""GET projects/:id/uiconfig/: both screens of a project, ready to draw."""

from rest_framework.request import Request
from rest_framework.response import Response

from backend.projects.queries import project
from backend.projects.texts import localized
from backend.rest.representation import Languages, Record
from backend.rest.views import Door, languages
from backend.tagging.models import UIItem, UIMode
from backend.tagging.screens import Choice, choices


class UIConfig(Door):
    """The choices for listening and speaking."""

    def get(self, request: Request, pk: str) -> Response:
        """Two lists of groups."""
        read_in = languages(self.query, self.viewer, project(pk, self.viewer))
        screens = choices(pk, self.viewer)
        return Response({mode.value: [_group(choice, read_in) for choice in screens[mode]] for mode in screens})


def _group(choice: Choice, read_in: Languages) -> Record:
    group = choice.group
    return {
        "select": group.select,
        "group_short_name": group.category.name.title(),
        "header_display_text": localized(group.header_texts.all(), read_in),
        "uiitem_filter": group.uiitem_filter,
        "display_items": [_item(item, read_in) for item in choice.items],
    }


def _item(item: UIItem, read_in: Languages) -> Record:
    is_in_tree = item.group.ui_mode != UIMode.LISTEN
    return {
        "id": item.pk,
        "tag_id": item.tag_id,
        "parent_id": item.parent_id if is_in_tree else None,
        "default_state": item.is_default,
        "tag_display_text": localized(item.tag.message_texts.all(), read_in) or item.tag.value,
    }
