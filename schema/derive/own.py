"""Fields that only those may read who may write their row: null to all others."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Model
from graphql import GraphQLResolveInfo

from backend.resources.resource import Resource
from backend.resources.viewer import Caller
from schema.derive.plan import Branch, Planner
from schema.derive.selection import Selection


@dataclass(frozen=True, slots=True)
class Own:
    """A field whose step is read for those who may write the row."""

    step: Any
    resource: Resource[Any]

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step. What is known of the viewer is forgotten: a subscription plans anew for every event."""
        planner.context.caller = Caller.of(planner.context.viewer)
        columns, joins = keys_near(self.resource.model)
        branch.columns |= columns
        branch.joined |= joins
        self.step.plan(planner, branch, selection, name)

    def read(self, row: Model, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        """See Readable."""
        if not self.resource.may_write(info.context.caller, row):
            return None
        return self.step.read(row, info, **arguments)


@cache
def keys_near(model: type[Model]) -> tuple[frozenset[str], frozenset[str]]:
    """The keys of a row and of the rows that they lead to, and the joins for these: what `may_write` decides by."""
    keys = [column for column in model._meta.concrete_fields if column.is_relation]
    beyond = {
        f"{key.name}__{column.name}"
        for key in keys
        for column in key.related_model._meta.concrete_fields
        if column.is_relation or column.primary_key
    }
    return frozenset({*(key.name for key in keys), *beyond}), frozenset(key.name for key in keys)
