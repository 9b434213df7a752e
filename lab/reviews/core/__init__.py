"""What several use cases of review share."""
