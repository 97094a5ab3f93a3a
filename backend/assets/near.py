"""What lies near a place: nearest first, by the rules that a stream's planner goes by."""

from dataclasses import dataclass

import numpy as np

from backend.assets.hearing import FACT_COLUMNS, asset_facts, tag_rule, tags_by_asset
from backend.assets.resources import ASSET
from backend.geo.earth import Viewpoint
from backend.geo.position import Position
from backend.hearing.aim import NOT_AIMED, Aim
from backend.hearing.assets import AssetField, Mask
from backend.hearing.listener import Listener
from backend.hearing.nearness import near
from backend.ids import AssetId, TagId
from backend.projects.models import Project
from backend.projects.queries import project
from backend.resources.viewer import Viewer


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
    rows = ASSET.rows(viewer).filter(project=of).only(*FACT_COLUMNS)
    tags = {} if request.tag_ids is None else tags_by_asset(of.pk)
    assets = AssetField.of(asset_facts(rows, tags))
    return _nearest_first(assets, _fit(assets, of, request), request)


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
