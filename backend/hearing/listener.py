"""Who listens: where, facing where, and what they chose to hear."""

from dataclasses import dataclass

from backend.geo.position import Position
from backend.hearing.aim import Aim
from backend.ids import AssetId, LanguageId, TagId


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """One listener now. Angles in degrees, ranges in metres.

    `heading` makes listening directional and `range_max` makes it ranged; without either the assets' own shapes and
    the project's radius decide. Without `is_geo` everything is near. Without a language every language is heard.
    """

    position: Position | None = None
    is_geo: bool = True
    heading: float | None = None
    width: float | None = None
    range_min: float | None = None
    range_max: float | None = None
    language_id: LanguageId | None = None
    tag_ids: frozenset[TagId] = frozenset()
    blocked_asset_ids: frozenset[AssetId] = frozenset()

    def at(self, position: Position, aim: Aim) -> "Listener":
        """The same listener there, with this aim. A listener moves more often than all else happens."""
        return Listener(
            position=position,
            is_geo=self.is_geo,
            heading=aim.heading,
            width=aim.width,
            range_min=aim.range_min,
            range_max=aim.range_max,
            language_id=self.language_id,
            tag_ids=self.tag_ids,
            blocked_asset_ids=self.blocked_asset_ids,
        )
