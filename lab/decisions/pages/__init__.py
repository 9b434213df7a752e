"""A decision from its draft to its publication."""
