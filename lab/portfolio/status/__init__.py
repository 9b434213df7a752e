"""A project's state and light."""
