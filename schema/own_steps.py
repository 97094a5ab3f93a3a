"""What the fields written by hand need of the database, and how they read it; see schema/derive/steps.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from graphql import GraphQLResolveInfo
from strawberry import ID

from backend.assets.models import VoteType
from backend.assets.tallies import average_rate, vote_count
from backend.assets.waveforms import checked_points, waveform
from backend.geo.earth import metres_between
from backend.geo.position import Position
from backend.projects.texts import localized
from backend.tagging.models import UIItem, UIMode
from backend.tagging.resources import UI_GROUP
from backend.tagging.screens import Choice, offered, screens
from schema import own_types as shown
from schema.derive.plan import Branch, Planner, Related
from schema.derive.selection import Selection
from schema.derive.steps import Computed
from schema.derive.texts import prepare_reader, reading_order
from schema.enums import ItemFilter, Select
from schema.enums import VoteType as ShownVoteType
from schema.ids import global_id


@dataclass(frozen=True, slots=True)
class Joined:
    """A field that is made of columns of its own row and of rows that keys lead to."""

    columns: tuple[str, ...]
    joins: tuple[str, ...]

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        branch.columns.update(self.columns)
        branch.joined.update(self.joins)


class Screens:
    """Both screens of a project, in one language."""

    slot = "screen_groups"

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        prepare_reader(planner, selection, name)
        groups = offered(planner.visible(UI_GROUP), planner.context.viewer)
        branch.related.append(Related("ui_groups", groups, self.slot))

    def read(self, row: Model, info: GraphQLResolveInfo[Any], **arguments: Any) -> shown.UIConfig:
        """See Readable."""
        languages = reading_order(info, row.pk, arguments)
        found = {mode: [_group(each, languages) for each in choices] for mode, choices in self._screens(row)}
        return shown.UIConfig(listen=found[UIMode.LISTEN], speak=found[UIMode.SPEAK])

    def _screens(self, row: Model) -> Any:
        return screens(getattr(row, self.slot)).items()


def _group(choice: Choice, languages: tuple[int, ...]) -> shown.UIConfigGroup:
    group = choice.group
    return shown.UIConfigGroup(
        select=Select(group.select),
        group_short_name=group.category.name.title(),
        header_display_text=localized(group.header_texts.all(), languages),
        uiitem_filter=ItemFilter(group.uiitem_filter),
        display_items=[_item(item, languages) for item in choice.items],
    )


def _item(item: UIItem, languages: tuple[int, ...]) -> shown.UIConfigItem:
    is_in_tree = item.group.ui_mode != UIMode.LISTEN and item.parent_id is not None
    return shown.UIConfigItem(
        id=ID(global_id("UIItem", item.pk)),
        tag_id=ID(global_id("Tag", item.tag_id)),
        parent_id=ID(global_id("UIItem", item.parent_id)) if is_in_tree else None,
        default_state=item.is_default,
        tag_display_text=localized(item.tag.message_texts.all(), languages) or item.tag.value,
    )


def votes_of(vote_type: VoteType) -> Computed:
    """How many votes of a type an asset has."""
    return Computed(f"votes_{vote_type}", vote_count(vote_type))


class Tallies:
    """The votes on an asset, type by type."""

    average = Computed("average_rate", average_rate())
    totals: Mapping[VoteType, Computed] = {vote_type: votes_of(vote_type) for vote_type in VoteType}

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        for each in (*self.totals.values(), self.average):
            each.plan(planner, branch, selection, name)

    def read(self, row: Model, info: GraphQLResolveInfo[Any]) -> list[shown.VoteTally]:
        """See Readable."""
        return [
            shown.VoteTally(
                type=ShownVoteType(vote_type.value),
                total=total.read(row, info),
                average=self.average.read(row, info) if vote_type is VoteType.RATE else None,
            )
            for vote_type, total in self.totals.items()
        ]


class Distance:
    """How far a row with a latitude and a longitude is from a place."""

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step. Raises InvalidInput for what is no place."""
        branch.columns.update(("latitude", "longitude"))
        for node in selection.nodes(name):
            _place(selection.arguments(selection.type.fields[name], node))

    def read(self, row: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> float | None:
        """See Readable."""
        if row.latitude is None or row.longitude is None:
            return None
        return metres_between(_place(arguments), Position(row.latitude, row.longitude))


def _place(arguments: Mapping[str, Any]) -> Position:
    given = arguments["from"]
    return Position.checked(given["latitude"], given["longitude"])


@dataclass(frozen=True, slots=True)
class Peaks:
    """A stored waveform, made as coarse as is asked for."""

    default_points: int

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step. Raises InvalidInput for too many points."""
        branch.columns.add("waveform")
        for node in selection.nodes(name):
            self._points(selection.arguments(selection.type.fields[name], node))

    def read(self, row: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        """See Readable."""
        return None if row.waveform is None else waveform(row.waveform, points=self._points(arguments))

    def _points(self, arguments: Mapping[str, Any]) -> int:
        return checked_points(arguments.get("points", self.default_points))
