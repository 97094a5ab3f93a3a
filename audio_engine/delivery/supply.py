"""What a player still holds, if it plays what it is given: so that the engine counts the underruns it causes."""

# Browsers and hardware players start with about so much, and again after they have run dry.
START_SECONDS = 2.0


class Supply:
    """One listener's; all times in seconds, of one monotonic clock."""

    def __init__(self) -> None:
        self._held_seconds = 0.0
        self._dry_at: float | None = None

    def add(self, seconds: float, now: float) -> bool:
        """So much sound was sent; True when the player had run dry before."""
        if self._dry_at is not None and now > self._dry_at:
            self.restart()
            self.add(seconds, now)
            return True
        if self._dry_at is not None:
            self._dry_at += seconds
            return False
        self._held_seconds += seconds
        if self._held_seconds >= START_SECONDS:
            self._dry_at = now + self._held_seconds
        return False

    def restart(self) -> None:
        """The player waits until it holds enough again."""
        self._held_seconds = 0.0
        self._dry_at = None
