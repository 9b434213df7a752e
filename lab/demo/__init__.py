"""Published facts of the first batch, and demonstration data."""
