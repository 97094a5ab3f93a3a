"""Where an asset lies from a listener, in a sentence with its numbers."""

import numpy as np

from audio_engine.soundscape import Soundscape
from backend.geo.earth import Viewpoint
from backend.geo.position import Position
from backend.hearing.listener import Listener
from backend.hearing.nearness import DEFAULT_RADIUS_METRES, DEFAULT_WIDTH


def whereabouts(soundscape: Soundscape, listener: Listener, index: int) -> str:
    """By the rule of nearness that applies to this listener and this asset."""
    if not listener.is_geo:
        return "Without geo listening all is near."
    if listener.position is None:
        return "It is not known where the listener is."
    is_aimed = listener.heading is not None or listener.range_max is not None
    if soundscape.assets.has_shape[index] and not is_aimed:
        return _in_its_shape(soundscape, listener.position, index)
    viewpoint, place = Viewpoint(listener.position), soundscape.assets.places[:, [index]]
    if np.isnan(place).any():
        return "It has no position."
    away = f"It is {viewpoint.metres(place)[0]:.1f} m away"
    if not is_aimed:
        radius = soundscape.recording_radius_metres
        return f"{away}; near is within {DEFAULT_RADIUS_METRES if radius is None else radius:g} m."
    if listener.heading is not None:
        away = f"{away}, at {viewpoint.bearings(place)[0]:.0f} degrees"
    return f"{away}; the listener hears {_aim(listener)}."


def _in_its_shape(soundscape: Soundscape, position: Position, index: int) -> str:
    row = np.array([np.count_nonzero(soundscape.assets.has_shape[:index])])
    metres = float(soundscape.assets.shapes.take(row).metres_inside(position)[0])
    return f"The listener is {abs(metres):.1f} m {'inside' if metres >= 0 else 'outside'} its shape."


def _aim(listener: Listener) -> str:
    farthest = "any distance" if listener.range_max is None else f"{listener.range_max:g} m"
    ring = f"from {listener.range_min or 0:g} m to {farthest}"
    if listener.heading is None:
        return ring
    width = DEFAULT_WIDTH if listener.width is None else listener.width
    return f"{width:g} degrees around {listener.heading:g}, {ring}"
