"""A clock that a test holds in its hand, with what an event loop's has."""


class Later:
    def __init__(self, when, callback):
        self.when, self.callback, self.is_cancelled = when, callback, False

    def cancel(self):
        self.is_cancelled = True


class HeldClock:
    """Stands still until a test advances it."""

    def __init__(self):
        self.now = 0.0
        self.waiting = []

    def time(self):
        return self.now

    def call_at(self, when, callback):
        self.waiting.append(Later(when, callback))
        return self.waiting[-1]

    def advance(self, seconds):
        """Calls what falls due meanwhile, in its order."""
        end = self.now + seconds
        while due := [each for each in self.waiting if each.when <= end and not each.is_cancelled]:
            first = min(due, key=lambda each: each.when)
            self.waiting.remove(first)
            self.now = max(self.now, first.when)
            first.callback()
        self.now = end
