"""Every address of the door, in both slash forms and without a redirect, which clients do not follow for PATCH."""

from collections.abc import Iterable

from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from backend.assets.queries import assets
from backend.listening.actions import close_stream, heartbeat, pause_stream, replay_asset, resume_stream, skip_asset
from backend.rest import contributions, opinions, people, projects, streams
from backend.rest import representations as shown
from backend.rest.derive.representation import Representation
from backend.rest.derive.views import Collection, Count, Door, Item, collection, item
from backend.rest.docs import Root
from backend.rest.errors import no_such_endpoint
from backend.tagging.queries import tags, ui_groups

# 18 digits fit every database's integer.
ID = "(?P<pk>[0-9]{1,18})"

# Each resource by its address, where it is not derived alone with its own list and its own row.
RESOURCES: dict[str, tuple[Representation, type[Collection], type[Item]]] = {
    "assets": (shown.ASSETS, contributions.Assets, contributions.AssetItem),
    "audiotracks": (shown.AUDIOTRACKS, Collection, Item),
    "envelopes": (shown.ENVELOPES, Collection, contributions.EnvelopeItem),
    "events": (shown.EVENTS, opinions.Events, Item),
    "languages": (shown.LANGUAGES, Collection, Item),
    "listenevents": (shown.LISTEN_EVENTS, Collection, Item),
    "localizedstrings": (shown.LOCALIZED_STRINGS, Collection, Item),
    "projects": (shown.PROJECTS, Collection, projects.ProjectItem),
    "projectgroups": (shown.PROJECT_GROUPS, Collection, Item),
    "sessions": (shown.SESSIONS, people.Sessions, Item),
    "speakers": (shown.SPEAKERS, contributions.Speakers, contributions.SpeakerItem),
    "tagcategories": (shown.TAG_CATEGORIES, Collection, Item),
    "tagrelationships": (shown.TAG_RELATIONSHIPS, Collection, Item),
    "tags": (shown.TAGS, Collection, Item),
    "timedassets": (shown.TIMED_ASSETS, Collection, Item),
    "uielementnames": (shown.UI_ELEMENT_NAMES, Collection, Item),
    "uielements": (shown.UI_ELEMENTS, Collection, Item),
    "uigroups": (shown.UI_GROUPS, Collection, Item),
    "uiitems": (shown.UI_ITEMS, Collection, Item),
    "users": (shown.USERS, people.Users, Item),
    "votes": (shown.VOTES, opinions.Votes, Item),
}
VERBS = {
    "heartbeat": heartbeat,
    "replayasset": replay_asset,
    "skipasset": skip_asset,
    "pause": pause_stream,
    "resume": resume_stream,
    "kill": close_stream,
}


def at(address: str, view: type[Door], **given: object) -> URLPattern:
    """`view` at an address such as `streams/:id/pause`, with what this address gives it."""
    return re_path(f"^{address.replace(':id', ID)}/?$", view.as_view(**given))


def _resources() -> Iterable[URLPattern]:
    for address, (representation, many, one) in RESOURCES.items():
        yield at(address, collection(representation, many))
        yield at(f"{address}/count", collection(representation, Count))
        yield at(f"{address}/:id", item(representation, one))


urlpatterns = [
    re_path("^$", Root.as_view(names=RESOURCES)),
    *_resources(),
    at("login", people.Login),
    at("projects/:id/tags", projects.OfProject, shown=shown.TAGS, noun=tags),
    at("projects/:id/assets", projects.OfProject, shown=shown.ASSETS, noun=assets),
    at("projects/:id/uigroups", projects.OfProject, shown=shown.UI_GROUPS, noun=ui_groups),
    at("projects/:id/uiconfig", projects.UIConfig),
    at("projects/:id/uielements", projects.UIElements),
    at("projectgroups/:id/projects", projects.GroupProjects),
    at("assets/random", contributions.RandomAssets, shown=shown.ASSETS),
    at("assets/blocked", contributions.BlockedAssets),
    at("assets/:id/votes", opinions.AssetVotes),
    at("votes/summary", opinions.VoteSummary, shown=shown.VOTES),
    at("streams", streams.Streams),
    at("streams/:id", streams.StreamItem),
    at("streams/:id/playasset", streams.StreamPlays),
    *(at(f"streams/:id/{name}", streams.StreamVerb, verb=verb) for name, verb in VERBS.items()),
    at("streams/:id/isactive", streams.StreamIsActive),
    re_path("", csrf_exempt(no_such_endpoint)),
]
