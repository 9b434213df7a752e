"""The processes that run this installation, and when each was last seen."""
