"""Texts of the last hour: what can be brought back, one compared, restoring it."""
