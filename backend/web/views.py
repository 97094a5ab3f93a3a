"""The pages: the list of places, and the map to listen to one of them."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from strawberry.relay import to_base64

from backend.errors import NotFound
from backend.projects.models import Project
from backend.projects.ownership import may_edit
from backend.projects.resources import PROJECT
from backend.projects.texts import localized, reading_order
from backend.resources.viewer import ANONYMOUS, Caller, Viewer
from backend.web.security import player_policy, policy

GRAPHQL_URL = "/graphql/"


@dataclass(frozen=True, slots=True)
class Place:
    """A project as the first page shows it."""

    id: int
    name: str
    description: str | None
    is_live_open: bool

    @classmethod
    def of(cls, project: Project, viewer: Viewer) -> "Place":
        """Described in the project's first language."""
        texts = project.description_texts.all()
        description = localized(texts, reading_order(project, None))
        return cls(project.pk, project.name, description, may_edit(viewer, project.pk))


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """All places that anybody may visit."""
    rows = PROJECT.rows(ANONYMOUS).order_by("name", "id").prefetch_related("description_texts", "languages")
    viewer = Caller.of(request.user)
    context = {"places": [Place.of(project, viewer) for project in rows], "graphql_url": GRAPHQL_URL}
    response = render(request, "web/landing.html", context)
    response["Content-Security-Policy"] = policy()
    return response


@require_safe
def listen(request: HttpRequest, project_id: int) -> HttpResponse:
    """The map of one project, with headphones to drag over it."""
    project = project_of(project_id)
    global_id = to_base64("Project", project.pk)
    context = {"project": project, "project_global_id": global_id, "graphql_url": GRAPHQL_URL}
    response = render(request, "web/listen.html", context)
    response["Content-Security-Policy"] = player_policy(request)
    return response


def project_of(project_id: int) -> Project:
    """A place that anybody may visit. Raises Http404."""
    try:
        return PROJECT.find(project_id, ANONYMOUS)
    except NotFound as error:
        raise Http404(error.message) from error
