"""The pages: the list of places, and the map to listen to one of them."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from strawberry.relay import to_base64

from backend.errors import NotFound
from backend.projects.models import Project
from backend.projects.resources import PROJECT
from backend.projects.texts import localized, reading_order
from backend.resources.viewer import ANONYMOUS
from backend.web.security import player_policy, policy

GRAPHQL_URL = "/graphql/"


@dataclass(frozen=True, slots=True)
class Place:
    """A project as the first page shows it."""

    id: int
    name: str
    description: str | None

    @classmethod
    def of(cls, project: Project) -> "Place":
        """Described in the project's first language."""
        texts = project.description_texts.all()
        return cls(project.pk, project.name, localized(texts, reading_order(project, None)))


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """All places that anybody may visit."""
    rows = PROJECT.rows(ANONYMOUS).order_by("name", "id").prefetch_related("description_texts", "languages")
    context = {"places": [Place.of(project) for project in rows], "graphql_url": GRAPHQL_URL}
    response = render(request, "web/landing.html", context)
    response["Content-Security-Policy"] = policy()
    return response


@require_safe
def listen(request: HttpRequest, project_id: int) -> HttpResponse:
    """The map of one project, with headphones to drag over it."""
    project = _project(project_id)
    global_id = to_base64("Project", project.pk)
    context = {"project": project, "project_global_id": global_id, "graphql_url": GRAPHQL_URL}
    response = render(request, "web/listen.html", context)
    response["Content-Security-Policy"] = player_policy(request)
    return response


def _project(project_id: int) -> Project:
    try:
        return PROJECT.find(project_id, ANONYMOUS)
    except NotFound as error:
        raise Http404(error.message) from error
