"""Which assets are near a listener: the first rule that applies, of beam, range, own shape and radius."""

import numpy as np

from backend.geo.earth import Viewpoint
from backend.hearing.assets import AssetField, Mask
from backend.hearing.listener import Listener

# Reference 4.2: the width of a beam when none is given, in degrees, and a project's radius, in metres.
DEFAULT_WIDTH = 30.0
DEFAULT_RADIUS_METRES = 1.0


def near(assets: AssetField, listener: Listener, *, radius_metres: float | None) -> Mask:
    """Whether each asset is near; without geo listening all are, without a position none."""
    if not listener.is_geo:
        return np.ones(len(assets.ids), dtype=np.bool_)
    if listener.position is None:
        return np.zeros(len(assets.ids), dtype=np.bool_)
    viewpoint = Viewpoint(listener.position)
    if listener.heading is not None:
        return _in_ring(assets, listener, viewpoint) & _in_beam(assets, listener, viewpoint)
    if listener.range_max is not None:
        return _in_ring(assets, listener, viewpoint)
    radius = DEFAULT_RADIUS_METRES if radius_metres is None else radius_metres
    is_close = viewpoint.metres(assets.places) <= radius
    if not assets.has_shape.any():
        return is_close
    return np.where(assets.has_shape, assets.are_around(listener.position), is_close)


def _in_ring(assets: AssetField, listener: Listener, viewpoint: Viewpoint) -> Mask:
    metres = viewpoint.metres(assets.places)
    farthest = np.inf if listener.range_max is None else listener.range_max
    return (metres >= (listener.range_min or 0.0)) & (metres <= farthest)


def _in_beam(assets: AssetField, listener: Listener, viewpoint: Viewpoint) -> Mask:
    width = DEFAULT_WIDTH if listener.width is None else listener.width
    heading = listener.heading or 0.0
    turned = (viewpoint.bearings(assets.places) - heading + 180) % 360 - 180
    return np.abs(turned) <= width / 2
