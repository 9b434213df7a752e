"""A folder whose power can be cut."""
