"""From a Resource to its GraphQL type, and from a selection to the few statements that answer it."""
