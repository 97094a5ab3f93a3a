"""A room that is not there: the house test adds it, to see what it takes to add a resource."""
