"""The dashboard of a project, for those who may edit it."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe
from strawberry.relay import to_base64

from backend.projects.models import Project
from backend.projects.ownership import may_edit
from backend.web.security import dashboard_policy, policy
from backend.web.views import GRAPHQL_URL, project_of


@require_safe
@never_cache
@ensure_csrf_cookie
def live(request: HttpRequest, project_id: int) -> HttpResponse:
    """The map with all listeners, what happens, and what waits for a decision."""
    project = project_of(project_id)
    if not request.user.is_authenticated:
        return redirect_to_login(request.path, reverse("web:login"))
    if not may_edit(request.user, project.pk):
        return _forbidden(request, project)
    context = {"project": project, "project_global_id": to_base64("Project", project.pk), "graphql_url": GRAPHQL_URL}
    response = render(request, "web/live.html", context)
    response["Content-Security-Policy"] = dashboard_policy(request)
    return response


def _forbidden(request: HttpRequest, project: Project) -> HttpResponse:
    response = render(request, "web/forbidden.html", {"project": project}, status=403)
    response["Content-Security-Policy"] = policy()
    return response
