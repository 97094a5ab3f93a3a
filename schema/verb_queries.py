"""What can be asked about one's own votes."""

from typing import Annotated, Any

import strawberry
from strawberry import ID

from backend.assets.blocking import blocked_assets
from backend.visits.resources import SESSION
from schema import types
from schema.context import Info
from schema.derive.arguments import After, Before, LastSize, Offset, Size
from schema.derive.fetch import fetch_page
from schema.derive.pages import Window
from schema.fields import field
from schema.ids import key_of

SessionId = Annotated[ID, strawberry.argument(description="Your visit.")]


@strawberry.type
class VerbQueries:
    """A part of Query."""

    @field("What you have blocked of the visited project: assets, and all assets of people.", types.Asset.connection)
    def blocked_assets(
        self,
        info: Info,
        session_id: SessionId,
        *,
        first: Size = None,
        last: LastSize = None,
        after: After = None,
        before: Before = None,
        offset: Offset = None,
    ) -> Any:
        rows = blocked_assets(key_of(SESSION, session_id, field="session_id"), info.context.viewer)
        return fetch_page(rows, info._raw_info, Window(first, last, after, before, offset))
