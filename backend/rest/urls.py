"""Every address of the door, in both slash forms and without a redirect, which clients do not follow for PATCH."""

from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from backend.assets.queries import assets
from backend.listening.actions import close_stream, heartbeat, pause_stream, resume_stream, skip_asset
from backend.rest.assets import Assets
from backend.rest.errors import no_such_endpoint
from backend.rest.people import Sessions, Users
from backend.rest.projects import OfProject, ProjectItem
from backend.rest.representations import ASSETS, AUDIOTRACKS, PROJECTS, SESSIONS, SPEAKERS, TAGS
from backend.rest.streams import StreamIsActive, StreamItem, Streams, StreamVerb
from backend.rest.uiconfig import UIConfig
from backend.rest.views import Collection, Door, Item
from backend.tagging.queries import tags

# 18 digits fit every database's integer.
ID = "(?P<pk>[0-9]{1,18})"


def at(address: str, view: type[Door], **given: object) -> URLPattern:
    """`view` at an address such as `streams/:id/pause`, with what this address gives it."""
    return re_path(f"^{address.replace(':id', ID)}/?$", view.as_view(**given))


urlpatterns = [
    at("users", Users),
    at("sessions", Sessions, shown=SESSIONS),
    at("sessions/:id", Item, shown=SESSIONS),
    at("projects", Collection, shown=PROJECTS),
    at("projects/:id", ProjectItem, shown=PROJECTS),
    at("projects/:id/tags", OfProject, shown=TAGS, noun=tags),
    at("projects/:id/assets", OfProject, shown=ASSETS, noun=assets),
    at("projects/:id/uiconfig", UIConfig),
    at("tags", Collection, shown=TAGS),
    at("tags/:id", Item, shown=TAGS),
    at("speakers", Collection, shown=SPEAKERS),
    at("speakers/:id", Item, shown=SPEAKERS),
    at("audiotracks", Collection, shown=AUDIOTRACKS),
    at("audiotracks/:id", Item, shown=AUDIOTRACKS),
    at("assets", Assets, shown=ASSETS),
    at("assets/:id", Item, shown=ASSETS),
    at("streams", Streams),
    at("streams/:id", StreamItem),
    at("streams/:id/heartbeat", StreamVerb, verb=heartbeat),
    at("streams/:id/skipasset", StreamVerb, verb=skip_asset),
    at("streams/:id/pause", StreamVerb, verb=pause_stream),
    at("streams/:id/resume", StreamVerb, verb=resume_stream),
    at("streams/:id/kill", StreamVerb, verb=close_stream),
    at("streams/:id/isactive", StreamIsActive),
    re_path("", csrf_exempt(no_such_endpoint)),
]
