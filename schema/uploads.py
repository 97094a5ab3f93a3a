"""How a file becomes an asset."""

import strawberry


@strawberry.type
class Uploads:
    """A part of Mutation."""
