"""What lies near a place: nearest first, by the rules that a stream's planner goes by."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

import numpy as np
from django.db.models import Q

from backend.assets.hearing import position_of, tag_rule, tags_by_asset
from backend.assets.resources import ASSET
from backend.geo.earth import Viewpoint
from backend.geo.position import Position
from backend.geo.regions import Box, meets
from backend.hearing.aim import NOT_AIMED, Aim
from backend.hearing.assets import ON_THE_LINE_METRES, AssetFacts, AssetField, Mask
from backend.hearing.listener import Listener
from backend.hearing.nearness import DEFAULT_RADIUS_METRES, near
from backend.ids import AssetId, TagId
from backend.projects.models import Project
from backend.projects.queries import project
from backend.resources.viewer import Viewer

# Up to here hearing's distances are right to 1 %, as the boxes that hold them allow for.
FAR_METRES = 5_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRequest:
    """Where, and which way and how far. Tags narrow as they do for a listener: empty is the project's default.

    None narrows nothing.
    """

    position: Position
    aim: Aim = NOT_AIMED
    tag_ids: tuple[TagId, ...] | None = None
    most: int = 100


@dataclass(frozen=True, slots=True)
class NearAsset:
    """How far away an asset is, and in which direction: degrees from north, 0..360; None when it has a shape alone."""

    asset_id: AssetId
    metres: float | None
    bearing: float | None


def assets_near(project_id: object, viewer: Viewer, request: NearRequest) -> list[NearAsset]:
    """Of what the viewer may see, also what is no recording. Raises NotFound for the project."""
    of = project(project_id, viewer)
    tags = {} if request.tag_ids is None else tags_by_asset(of.pk)
    rows = ASSET.rows(viewer).filter(_may_be_near(of, request), project=of).order_by()
    # A shape costs more to read than all the rest.
    columns = ("pk", "latitude", "longitude") if request.aim.decides else ("pk", "latitude", "longitude", "shape")
    assets = AssetField.of(
        AssetFacts(
            id=AssetId(key),
            position=position_of(latitude, longitude),
            shape=next((shape.coords for shape in shapes if shape), None),
            tag_ids=tags.get(key, frozenset()),
        )
        for key, latitude, longitude, *shapes in rows.values_list(*columns)
    )
    return _nearest_first(assets, _fit(assets, of, request), request)


def _may_be_near(of: Project, request: NearRequest) -> Q:
    """What is left out is not near; hearing says how exactly of the rest."""
    aim = request.aim
    if not aim.decides:
        reach = DEFAULT_RADIUS_METRES if of.recording_radius_metres is None else of.recording_radius_metres
        return _lies_within(request.position, reach) | meets("shape", Box.around(request.position, ON_THE_LINE_METRES))
    return Q() if aim.range_max is None else _lies_within(request.position, aim.range_max)


def _lies_within(position: Position, metres: float) -> Q:
    """By latitude and longitude, as hearing reads them; a box that may hold a little more."""
    if metres > FAR_METRES:
        return Q(latitude__isnull=False)
    box = Box.around(position, metres)
    around_the_world = (box.moved(turn) for turn in (-360.0, 0.0, 360.0))
    longitudes = reduce(or_, (Q(longitude__range=(each.west, each.east)) for each in around_the_world))
    return Q(latitude__range=(box.south, box.north)) & longitudes


def _fit(assets: AssetField, of: Project, request: NearRequest) -> Mask:
    listener = Listener(
        position=request.position,
        heading=request.aim.heading,
        width=request.aim.width,
        range_min=request.aim.range_min,
        range_max=request.aim.range_max,
    )
    fit = near(assets, listener, radius_metres=of.recording_radius_metres)
    if request.tag_ids is not None:
        fit &= assets.meet(tag_rule(of.pk).listener_demands(request.tag_ids))
    return fit


def _nearest_first(assets: AssetField, fit: Mask, request: NearRequest) -> list[NearAsset]:
    viewpoint = Viewpoint(request.position)
    metres, bearings = viewpoint.metres(assets.places), viewpoint.bearings(assets.places)
    chosen = np.flatnonzero(fit)
    # What has no position has no distance (NaN), and stands last.
    order = chosen[np.argsort(metres[chosen], kind="stable")][: request.most]
    return [
        NearAsset(AssetId(int(assets.ids[index])), _known(metres[index]), _known(bearings[index])) for index in order
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
