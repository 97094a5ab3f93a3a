"""What can be asked beyond rows: what is near, what is heard, what fits a text, and how much of it there is."""

import strawberry


@strawberry.type
class Questions:
    """A part of Query."""
