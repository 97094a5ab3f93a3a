"""What somebody heard before a session began: its bans and its counts of plays follow from it."""

from dataclasses import dataclass

from backend.ids import AssetId


@dataclass(frozen=True, slots=True)
class Heard:
    """An asset that began to play so many granules before the session did."""

    asset_id: AssetId
    granules_ago: int


@dataclass(frozen=True, slots=True)
class SessionHistory:
    """`plays` has the newest last; `elapsed_granules` is how old the stream is, by which timed assets are timed."""

    plays: tuple[Heard, ...] = ()
    elapsed_granules: int = 0


NO_HISTORY = SessionHistory()
