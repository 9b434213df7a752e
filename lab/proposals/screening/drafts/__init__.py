"""A check that was begun, shared by all clerks."""
