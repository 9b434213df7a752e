"""Records in any state, made by the real services."""
