"""What can be done to what people left and to accounts, besides writing rows."""

import strawberry


@strawberry.type
class Verbs:
    """A part of Mutation."""
