"""A project, as somebody's session reads it, and what belongs to it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from backend.errors import InvalidInput
from backend.geo.position import Position
from backend.projects.elements import elements_of
from backend.projects.models import Project, View
from backend.projects.queries import language_of_code, project
from backend.projects.texts import reading_order
from backend.resources.addresses import absolute
from backend.resources.reads import Record
from backend.resources.viewer import Viewer
from backend.rest.derive.filters import filtered
from backend.rest.derive.representation import Reading
from backend.rest.derive.views import Door, Item, ReadOnly
from backend.soundscape.groups import projects_heard_at
from backend.tagging.models import UIItem, UIMode
from backend.tagging.queries import tags
from backend.tagging.screens import Choice, choices

ENGLISH = "en"

Noun = Callable[[object, Viewer], QuerySet[Any]]


class ProjectItem(Item):
    """One project, in the language of the session."""

    def get(self, request: Request, pk: str) -> Response:
        """The project. Its session is required, as it was."""
        self.session_id()
        return super().get(request, pk)


class OfProject(ReadOnly):
    """The rows of one project; each address names its own noun."""

    noun: Noun = staticmethod(tags)

    def rows(self) -> QuerySet[Any]:
        """Of those, what the query asks for."""
        return filtered(self.shown, self.noun(self.kwargs["pk"], self.viewer), self.query, self.viewer)

    def project(self) -> Project:
        """This project."""
        return project(self.kwargs["pk"], self.viewer)


class UIConfig(Door):
    """The choices for listening and speaking, ready to draw."""

    def get(self, request: Request, pk: str) -> Response:
        """Two lists of groups."""
        reading = self.reading(project(pk, self.viewer))
        screens = choices(pk, self.viewer)
        return Response({mode.value: [_group(choice, reading) for choice in screens[mode]] for mode in screens})


def _group(choice: Choice, reading: Reading) -> Record:
    group = choice.group
    return {
        "select": group.select,
        "group_short_name": group.category.name.title(),
        "header_display_text": reading.text(group.header_texts.all()),
        "uiitem_filter": group.uiitem_filter,
        "display_items": [_item(item, reading) for item in choice.items],
    }


def _item(item: UIItem, reading: Reading) -> Record:
    is_in_tree = item.group.ui_mode != UIMode.LISTEN
    return {
        "id": item.pk,
        "tag_id": item.tag_id,
        "parent_id": item.parent_id if is_in_tree else None,
        "default_state": item.is_default,
        "tag_display_text": reading.text(item.tag.message_texts.all()) or item.tag.value,
    }


class ByLanguage(Door):
    """What is read in the language whose code the query names, English if it names none."""

    def reading_code(self, of: Project | None = None) -> Reading:
        """How texts are read. Raises InvalidInput for a code of no language."""
        code = self.query.text("language_code") or ENGLISH
        language = language_of_code(code)
        if language is None:
            raise InvalidInput("Language Code not found", field="language_code")
        return Reading(viewer=self.viewer, languages=reading_order(of, language.pk), profile=self.profile)


class UIElements(ByLanguage):
    """The pictures of a project's screens."""

    def get(self, request: Request, pk: str) -> Response:
        """For one kind of display, by view and name."""
        variant = self.query.text("variant")
        if variant is None:
            raise InvalidInput("Variant param is required.")
        reading = self.reading_code(project(pk, self.viewer))
        views: dict[str, Record] = {view: {} for view in View.values}
        for element in elements_of(pk, self.viewer, variant=variant):
            views[element.element_name.view][element.element_name.name] = {
                "label_text_color": element.label_text_color,
                "label_position": element.label_position,
                "file_name": f"{element.element_name.name}{variant}.{element.file_extension}",
                "label_text": reading.text(element.label_texts.all()),
            }
        files_url = absolute(f"{settings.MEDIA_URL}project{pk}-uielements{variant}.zip")
        return Response({"config": {"project_id": int(pk), "files_url": files_url}, "uielements": views})


class GroupProjects(ByLanguage):
    """The projects of a group that sound where somebody is."""

    def get(self, request: Request, pk: str) -> Response:
        """A bare array."""
        latitude, longitude = self.query.number("latitude"), self.query.number("longitude")
        if latitude is None or longitude is None:
            raise InvalidInput("Both latitude and longitude parameters are required.")
        here, reading = Position.checked(latitude, longitude), self.reading_code()
        heard = projects_heard_at(pk, self.viewer, here).prefetch_related("description_texts")
        return Response([_heard(project, reading) for project in heard])


def _heard(project: Project, reading: Reading) -> Record:
    return {
        "project_id": project.pk,
        "name": project.name,
        "owner": project.owner_name,
        "description_loc": reading.text(project.description_texts.all()),
        "thumbnail_url": absolute(f"{settings.MEDIA_URL}project{project.pk}-thumb.png"),
    }
