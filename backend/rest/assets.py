"""The list of assets, for clients that keep their own and ask what has changed since."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.queries import withdrawn_assets
from backend.rest.filters import filtered
from backend.rest.representation import Record
from backend.rest.representations import ASSETS
from backend.rest.shapes import absolute, moment
from backend.rest.views import Collection

CHANGED_SINCE = ("updated__gte", "updated__gt")
TOLD = ("id", "project_id", "media_type", "created_at", "updated_at")


class Assets(Collection):
    """All assets that the viewer may see; for who asks what has changed, also shells of those that are gone."""

    def get(self, request: Request, **ids: str) -> Response:
        """A bare array."""
        response = super().get(request, **ids)
        if any(name in self.query for name in CHANGED_SINCE) and "submitted" not in self.query:
            gone = filtered(ASSETS, withdrawn_assets(self.viewer), self.query, self.viewer)
            response.data += [_shell(*row) for row in gone.values_list(*TOLD)]
        return response


def _shell(asset_id: int, project_id: int | None, media_type: str, created: Any, updated: Any) -> Record:
    """All keys of an asset, and nothing in them but what a client needs to remove it (iOS: no null in most)."""
    empty: Record = dict.fromkeys([*ASSETS.columns, "user"]) | {key: [] for _, key in ASSETS.links}
    del empty["user_id"]
    return empty | {
        "id": asset_id,
        "project_id": project_id,
        "media_type": media_type,
        "submitted": False,
        "created": moment(created),
        "updated": moment(updated),
        "weight": 0,
        "volume": 0.0,
        "description": "",
        "filename": "",
        "file": absolute("/"),
    }
