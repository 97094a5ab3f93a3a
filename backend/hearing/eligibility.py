"""Whether an asset may be heard by a listener, and if not, why."""

from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from backend.hearing.assets import NO_LANGUAGE, AssetField, Mask
from backend.hearing.listener import Listener
from backend.hearing.nearness import near
from backend.hearing.tags import TagRule


class Obstacle(IntFlag):
    """Why an asset is not heard; several may stand in the way at once."""

    NOT_SUBMITTED = 1
    NOT_PLAYABLE = 2
    OTHER_LANGUAGE = 4
    OTHER_TAGS = 8
    BLOCKED = 16
    NOT_NEAR = 32


Obstacles = NDArray[np.uint8]


def obstacles(assets: AssetField, listener: Listener, rule: TagRule, *, radius_metres: float | None) -> Obstacles:
    """What keeps each asset from being heard now, as Obstacle bits; 0 where nothing does."""
    return lasting_obstacles(assets, listener, rule) | _where(
        ~near(assets, listener, radius_metres=radius_metres), Obstacle.NOT_NEAR
    )


def lasting_obstacles(assets: AssetField, listener: Listener, rule: TagRule) -> Obstacles:
    """The obstacles that do not go away by walking."""
    return (
        _where(~assets.is_submitted, Obstacle.NOT_SUBMITTED)
        | _where(~assets.is_playable, Obstacle.NOT_PLAYABLE)
        | _where(~_are_understood(assets, listener), Obstacle.OTHER_LANGUAGE)
        | _where(~assets.meet(rule.listener_demands(listener.tag_ids)), Obstacle.OTHER_TAGS)
        | _where(_are_blocked(assets, listener), Obstacle.BLOCKED)
    )


def _are_understood(assets: AssetField, listener: Listener) -> Mask:
    if listener.language_id is None:
        return np.ones(len(assets.ids), dtype=np.bool_)
    understood: Mask = np.isin(assets.language_ids, [listener.language_id, NO_LANGUAGE])
    return understood


def _are_blocked(assets: AssetField, listener: Listener) -> Mask:
    return np.isin(assets.ids, np.array(sorted(listener.blocked_asset_ids), dtype=np.int64))


def _where(mask: Mask, obstacle: Obstacle) -> Obstacles:
    return np.where(mask, np.uint8(obstacle), np.uint8(0))
