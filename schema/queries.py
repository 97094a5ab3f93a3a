"""What can be asked."""

from typing import Annotated, Any

import strawberry
from strawberry import ID, relay

from backend.accounts.resources import USER
from backend.errors import InvalidInput
from schema import types
from schema.context import Info
from schema.derive.fetch import fetch_one
from schema.derive.node import all_nodes
from schema.derive.roots import with_ids, with_roots
from schema.fields import field
from schema.questions import Questions
from schema.stream_questions import StreamQuestions
from schema.verb_queries import VerbQueries

MOST_IDS = 100

NodeId = Annotated[ID, strawberry.argument(description="The global id of anything.")]
NodeIds = Annotated[list[ID], strawberry.argument(description=f"Global ids of anything, {MOST_IDS} at most.")]


@strawberry.type(description="What can be asked.")
@with_roots(all_nodes())
class Query(Questions, StreamQuestions, VerbQueries):
    @field("Who you are; null without a token.", types.User | None)
    def viewer(self, info: Info) -> Any:
        viewer = info.context.viewer
        return fetch_one(USER.rows(viewer).filter(pk=viewer.id), info._raw_info) if viewer.id is not None else None

    @field("Anything, by its id; null when there is no such thing.", relay.Node | None)
    def node(self, info: Info, id: NodeId) -> Any:
        (found,) = with_ids([id], info._raw_info)
        return found

    @field(
        "Several things by their ids, in their order; null in the place of what is not there.", list[relay.Node | None]
    )
    def nodes(self, info: Info, ids: NodeIds) -> Any:
        if len(ids) > MOST_IDS:
            raise InvalidInput(f"At most {MOST_IDS} at once.", field="ids")
        return with_ids(ids, info._raw_info)
