"""Texts that exist in several languages, shown in the reader's."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import Model

from backend.projects.models import LocalizedString
from backend.projects.texts import localized
from schema.derive.plan import Branch, Planner, Related
from schema.derive.selection import Selection


@dataclass(frozen=True, slots=True)
class Texts:
    """The text of a many-to-many relation, in the best of the reader's languages.

    `owner` leads to the row that has the relation, `project` to the id of its project, and `language` to that
    of a visit's language; `columns` and `joins` are what these paths need.
    """

    relation: str
    project: str = "project_id"
    language: str | None = None
    owner: str = ""
    columns: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()

    @property
    def slot(self) -> str:
        """Where the texts are found on their owner."""
        return f"texts_{self.relation}"

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        planner.context.reader.prepare()
        branch.columns.update(self.columns)
        branch.joined.update(self.joins)
        path = f"{self.owner}__{self.relation}" if self.owner else self.relation
        branch.related.append(Related(path, LocalizedString.objects.only("text", "language"), self.slot))

    def read(self, row: Model, info: Any) -> str | None:
        """See Readable; None when there is no text."""
        owner = attrgetter(self.owner.replace("__", "."))(row) if self.owner else row
        language = attrgetter(self.language)(row) if self.language else None
        order = info.context.reader.order(attrgetter(self.project)(row), language)
        return localized(getattr(owner, self.slot), order)
