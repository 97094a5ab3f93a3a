"""What can be asked beyond rows: what is near, what is heard, what fits a text, and how much of it there is."""

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from graphql import GraphQLObjectType
from strawberry import ID

from backend.assets.groupings import AssetGroupBy as AssetGrouping
from backend.assets.groupings import Group
from backend.assets.models import MediaType
from backend.assets.near import NearRequest, assets_near
from backend.assets.resources import ASSET
from backend.assets.search import Found, search
from backend.assets.statistics import asset_counts
from backend.errors import InvalidInput
from backend.geo.geohash import Grid
from backend.geo.position import Position
from backend.hearing.aim import Aim
from backend.hearing.tags import checked_tag_ids
from backend.ids import TagId
from backend.listening.statistics import ListenEventGroupBy as ListenGrouping
from backend.listening.statistics import listen_counts
from backend.projects.resources import PROJECT
from backend.resources.resource import Resource
from backend.soundscape.queries import speakers_at
from backend.soundscape.resources import SPEAKER
from backend.tagging.resources import TAG
from schema import question_arguments as given
from schema.context import Info
from schema.cost import POINTS
from schema.derive.fetch import fetch_by_key, selected
from schema.derive.pages import DEFAULT_SIZE, MOST_ROWS
from schema.derive.selection import Selection, selection_of
from schema.event_types import SpeakerGain
from schema.fields import field
from schema.ids import global_id, key_of
from schema.question_types import AssetStats, ListenEventStats, NearAsset, SearchHit

# How clients know the keys of groups that are rows or values of an enum.
KEYS: Mapping[str, Callable[[Any], str]] = {
    AssetGrouping.TAG: lambda key: global_id("Tag", key),
    AssetGrouping.MEDIA_TYPE: lambda key: MediaType(key).name,
    ListenGrouping.ASSET: lambda key: global_id("Asset", key),
}


@strawberry.type
class Questions:
    """A part of Query."""

    @field(
        "What lies near a place, the nearest first: by the rules that decide what a listener there hears.",
        metadata={POINTS: 1_000},
    )
    def assets_near(
        self,
        info: Info,
        project_id: given.ProjectId,
        latitude: given.Latitude,
        longitude: given.Longitude,
        *,
        range_min: given.RangeMin = None,
        range_max: given.RangeMax = None,
        heading: given.Heading = None,
        width: given.Width = None,
        tag_ids: given.TagIds = None,
        first: given.Rows = DEFAULT_SIZE,
    ) -> list[NearAsset]:
        request = NearRequest(
            position=Position.checked(latitude, longitude),
            aim=Aim.checked(heading=heading, width=width, range_min=range_min, range_max=range_max),
            tag_ids=None if tag_ids is None else _tag_ids(tag_ids),
            most=_size(first),
        )
        found = assets_near(_project_key(project_id), info.context.viewer, request)
        rows = _rows(
            ASSET, [each.asset_id for each in found], info, selected(info._raw_info, ASSET.model, below="asset")
        )
        return [
            NearAsset(asset=row, distance_metres=each.metres, bearing=each.bearing)
            for each in found
            if (row := rows.get(each.asset_id)) is not None
        ]

    @field("The speakers that are heard at a place, the loudest first.", metadata={POINTS: 200})
    def speakers_at(
        self, info: Info, project_id: given.ProjectId, latitude: given.Latitude, longitude: given.Longitude
    ) -> list[SpeakerGain]:
        place = Position.checked(latitude, longitude)
        found = speakers_at(_project_key(project_id), info.context.viewer, place)
        selection = selected(info._raw_info, SPEAKER.model, below="speaker")
        rows = _rows(SPEAKER, [each.speaker_id for each in found], info, selection)
        return [
            SpeakerGain(
                speaker_id=ID(global_id("Speaker", each.speaker_id)), speaker=rows[each.speaker_id], gain=each.gain
            )
            for each in found
            if each.speaker_id in rows
        ]

    @field(
        "Assets and tags by words: in descriptions, in texts of all languages and in tags; what fits best first.",
        metadata={POINTS: 500},
    )
    def search(
        self, info: Info, project_id: given.ProjectId, text: given.Words, first: given.Hits = given.DEFAULT_HITS
    ) -> list[SearchHit]:
        hits = search(_project_key(project_id), text, info.context.viewer, most=_size(first, given.MOST_HITS))
        rows = {
            kind: _rows(resource, [hit.key for hit in hits if hit.found is kind], info, _found(info, resource))
            for kind, resource in ((Found.ASSET, ASSET), (Found.TAG, TAG))
        }
        return [
            SearchHit(node=rows[hit.found][hit.key], rank=hit.rank, text=hit.text)
            for hit in hits
            if hit.key in rows[hit.found]
        ]

    @field(
        "How many assets of a project you may see, how long and how liked they are; the largest groups first.",
        metadata={POINTS: 500},
    )
    def asset_stats(
        self,
        info: Info,
        project_id: given.ProjectId,
        group_by: given.AssetsBy,
        *,
        precision: given.Precision = given.DEFAULT_LETTERS,
        first: given.Rows = DEFAULT_SIZE,
    ) -> list[AssetStats]:
        by = AssetGrouping(group_by.value)
        grid = Grid.checked(precision, field="precision")
        found = asset_counts(_project_key(project_id), info.context.viewer, by=by, grid=grid, most=_size(first))
        return [
            AssetStats(**_group(by, each.group), count=each.count, total_seconds=each.total_seconds, likes=each.likes)
            for each in found
        ]

    @field(
        "What was heard in a project, for its owners and staff; for others, what they heard themselves. Of recordings"
        " that you may see; the largest groups first.",
        metadata={POINTS: 500},
    )
    def listen_event_stats(
        self,
        info: Info,
        project_id: given.ProjectId,
        group_by: given.ListenEventsBy,
        *,
        precision: given.Precision = given.DEFAULT_LETTERS,
        first: given.Rows = DEFAULT_SIZE,
    ) -> list[ListenEventStats]:
        by = ListenGrouping(group_by.value)
        grid = Grid.checked(precision, field="precision")
        found = listen_counts(_project_key(project_id), info.context.viewer, by=by, grid=grid, most=_size(first))
        return [
            ListenEventStats(
                **_group(by, each.group), count=each.count, total_seconds=each.total_seconds, listeners=each.listeners
            )
            for each in found
        ]


def _project_key(project_id: str) -> str:
    return key_of(PROJECT, project_id, field="project_id")


def _tag_ids(tag_ids: list[ID]) -> tuple[TagId, ...]:
    return checked_tag_ids(key_of(TAG, each, field="tag_ids") for each in tag_ids)


def _size(first: int, most: int = MOST_ROWS) -> int:
    if not 0 <= first <= most:
        raise InvalidInput(f"Must be between 0 and {most}.", field="first")
    return first


def _found(info: Info, resource: Resource[Any]) -> Selection:
    """What is selected of a kind of search result."""
    kind = info._raw_info.schema.type_map[resource.model.__name__]
    assert isinstance(kind, GraphQLObjectType)
    return Selection(info._raw_info, kind, selection_of(info._raw_info).nodes("node"))


def _rows(resource: Resource[Any], keys: list[Any], info: Info, selection: Selection) -> Mapping[Any, Any]:
    """The rows with what is selected of them, by key."""
    if not keys:
        return {}
    return fetch_by_key(resource.rows(info.context.viewer), keys, selection)


def _group(by: str, group: Group) -> dict[str, Any]:
    key = group.key
    shown = None if key is None else KEYS.get(by, str)(key)
    return {"key": shown, "label": group.label, "middle": group.middle}
