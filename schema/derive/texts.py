"""Texts that exist in several languages: in the reader's, and all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated, Any

import strawberry
from django.db.models import F, Model
from graphql import GraphQLResolveInfo
from strawberry import ID

from backend.projects.resources import LOCALIZED_STRING
from backend.projects.texts import localized
from backend.visits.resources import SESSION
from schema.derive.plan import Branch, Planner, Related
from schema.derive.selection import Selection
from schema.ids import global_id, key_of

VisitId = Annotated[
    ID | None,
    strawberry.argument(
        description="A visit of your own, whose language is meant; Accept-Language decides if left out."
    ),
]


def of_visit(root: strawberry.Parent[Any], session_id: VisitId = None) -> Any:
    """Only its signature counts: the arguments of a field whose texts may be in the language of a visit."""


def prepare_reader(planner: Planner, selection: Selection, name: str) -> None:
    """Reads the languages that the field `name` needs. Raises NotFound for a visit that is not the viewer's own."""
    reader = planner.context.reader
    reader.prepare()
    for node in selection.nodes(name):
        given = selection.arguments(selection.type.fields[name], node).get("sessionId")
        if given is not None:
            reader.remember_visit(_visit_key(given), planner.context.viewer)


def reading_order(info: GraphQLResolveInfo, project_id: int | None, arguments: Mapping[str, Any]) -> tuple[int, ...]:
    """The languages to look for, best first: those of the visit that the arguments name, else the reader's."""
    given = arguments.get("sessionId")
    if given is None:
        return info.context.reader.order(project_id)
    return info.context.reader.order_of_visit(project_id, _visit_key(given))


def _visit_key(given: str) -> str:
    return key_of(SESSION, given, field="session_id")


@dataclass(frozen=True, slots=True)
class Texts:
    """The text of a many-to-many relation, in the best of the reader's languages.

    `owner` leads to the row that has the relation, `project` to the id of its project, and `language` to that
    of a visit's language; `columns` and `joins` are what these paths need. `fallback` is the column that serves
    where there is no text.
    """

    relation: str
    project: str = "project_id"
    language: str | None = None
    owner: str = ""
    columns: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    fallback: str | None = None

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        prepare_reader(planner, selection, name)
        branch.columns.update(self.columns, (self.fallback,) if self.fallback else ())
        branch.joined.update(self.joins)
        _relate(planner, branch, self.relation, f"{self.owner}__" if self.owner else "")

    def read(self, row: Model, info: GraphQLResolveInfo, **arguments: Any) -> str | None:
        """See Readable; None when there is no text."""
        owner = attrgetter(self.owner.replace("__", "."))(row) if self.owner else row
        text = localized(getattr(owner, _slot(self.relation)), self._order(row, info, arguments))
        return text or getattr(row, self.fallback) if self.fallback else text

    def _order(self, row: Model, info: GraphQLResolveInfo, arguments: Mapping[str, Any]) -> tuple[int, ...]:
        project_id = attrgetter(self.project)(row)
        if self.language is None:
            return reading_order(info, project_id, arguments)
        return info.context.reader.order(project_id, attrgetter(self.language)(row))


@strawberry.type(description="A text in one language, as editors write it.")
class Translation:
    id: ID = strawberry.field(description="The id of its LocalizedString, by which it is changed.")
    field: str = strawberry.field(description="The field that shows it to those who read this language.")
    language: str = strawberry.field(description="The code of its language: `en`, `fi`, `sv`.")
    text: str = strawberry.field(description="The text.")


@dataclass(frozen=True, slots=True)
class Translations:
    """All texts of a row in all languages; `relations` by the names of the fields that show them."""

    relations: Mapping[str, str]

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        for relation in self.relations.values():
            _relate(planner, branch, relation)

    def read(self, row: Model, info: GraphQLResolveInfo) -> list[Translation]:
        """See Readable."""
        return [each for field, relation in self.relations.items() for each in self._of(row, field, relation)]

    def _of(self, row: Model, field: str, relation: str) -> Iterator[Translation]:
        for text in sorted(getattr(row, _slot(relation)), key=lambda text: (text.language_id, text.pk)):
            key = ID(global_id("LocalizedString", text.pk))
            yield Translation(id=key, field=field, language=text.code, text=text.text)


def _slot(relation: str) -> str:
    """Where the texts are found on their owner."""
    return f"texts_{relation}"


def _relate(planner: Planner, branch: Branch, relation: str, path: str = "") -> None:
    """Reads the texts of a relation, once for all the fields that show them."""
    if all((known.path, known.slot) != (path + relation, _slot(relation)) for known in branch.related):
        rows = planner.visible(LOCALIZED_STRING).only("text", "language").annotate(code=F("language__code"))
        branch.related.append(Related(path + relation, rows, _slot(relation)))
