"""The confirmation of the partner unit."""
