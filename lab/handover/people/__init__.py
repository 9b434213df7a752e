"""The people whose things are to be handed over, and the latest handovers."""
