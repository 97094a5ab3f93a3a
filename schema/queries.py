"""What can be asked."""

from typing import Annotated, Any

import strawberry
from django.core.exceptions import ValidationError
from strawberry import ID, relay

from backend.accounts.resources import USER
from backend.assets.resources import ASSET
from backend.errors import NotFound
from backend.listening.resources import STREAM
from backend.projects.resources import PROJECT
from backend.resources.resource import Resource
from backend.soundscape.resources import SPEAKER
from schema import types
from schema.context import Info
from schema.derive.fetch import fetch_one, fetch_page
from schema.derive.node import After, Before, LastSize, Size, node_named
from schema.derive.pages import Page, Window
from schema.fields import field
from schema.ids import key_of, parts
from schema.questions import Questions

Id = Annotated[ID, strawberry.argument(description="Its id.")]
ProjectId = Annotated[ID, strawberry.argument(description="The project's id.")]
NodeId = Annotated[ID, strawberry.argument(description="The global id of anything.")]


def one(resource: Resource[Any], given: str, info: Info) -> Any:
    """The row with this id; None when there is none that the viewer may see."""
    try:
        key = resource.model._meta.pk.to_python(key_of(resource, given))
    except (NotFound, ValidationError):
        return None
    return fetch_one(resource.rows(info.context.viewer).filter(pk=key), info._raw_info)


def of_project(resource: Resource[Any], given: str, info: Info, window: Window) -> Page:
    """The rows of a project. Raises NotFound for a project that the viewer may not see."""
    project = PROJECT.find(key_of(PROJECT, given, field="project_id"), info.context.viewer, field="project_id")
    return fetch_page(resource.rows(info.context.viewer).filter(project=project.pk), info._raw_info, window)


@strawberry.type(description="What can be asked.")
class Query(Questions):
    @field("Who you are; null without a token.", types.User | None)
    def viewer(self, info: Info) -> Any:
        viewer = info.context.viewer
        return fetch_one(USER.rows(viewer).filter(pk=viewer.id), info._raw_info) if viewer.id is not None else None

    @field("Anything, by its id; null when there is no such thing.", relay.Node | None)
    def node(self, info: Info, id: NodeId) -> Any:
        named = parts(id)
        made = named and node_named(named[0])
        return one(made.resource, id, info) if made else None

    @field("All projects.", types.Project.connection)
    def projects(
        self, info: Info, first: Size = None, last: LastSize = None, after: After = None, before: Before = None
    ) -> Any:
        return fetch_page(PROJECT.rows(info.context.viewer), info._raw_info, Window(first, last, after, before))

    @field("A project; null when there is no such project.", types.Project | None)
    def project(self, info: Info, id: Id) -> Any:
        return one(PROJECT, id, info)

    @field("The speakers of a project.", types.Speaker.connection)
    def speakers(
        self,
        info: Info,
        project_id: ProjectId,
        *,
        first: Size = None,
        last: LastSize = None,
        after: After = None,
        before: Before = None,
    ) -> Any:
        return of_project(SPEAKER, project_id, info, Window(first, last, after, before))

    @field("The assets of a project that you may see.", types.Asset.connection)
    def assets(
        self,
        info: Info,
        project_id: ProjectId,
        *,
        first: Size = None,
        last: LastSize = None,
        after: After = None,
        before: Before = None,
    ) -> Any:
        return of_project(ASSET, project_id, info, Window(first, last, after, before))

    @field("A stream of your own; null when you have none such.", types.Stream | None)
    def stream(self, info: Info, id: Id) -> Any:
        return one(STREAM, id, info)
