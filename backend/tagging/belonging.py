"""Tags go with what is of their own project; tags of no project go with everything."""

from typing import Any

from backend.errors import InvalidInput
from backend.resources.resource import Data


def check_tags(relation: str, data: Data, row: Any) -> None:
    """The tags that a row with a `project` would carry are of that project, or of none. Raises InvalidInput.

    `data` is what the writer gives to `prepare`; tags that stay are looked at when the row moves.
    """
    project_id = getattr(data["project"], "pk", None) if "project" in data else row.project_id
    if relation in data:
        projects = {tag.project_id for tag in data[relation]}
    elif row.pk is not None and project_id != row.project_id:
        projects = set(getattr(row, relation).values_list("project_id", flat=True))
    else:
        return
    if projects - {None, project_id}:
        raise InvalidInput("Some of these tags belong to another project.", field=relation)
