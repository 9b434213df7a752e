"""The processes of this installation, and when each was last seen."""
