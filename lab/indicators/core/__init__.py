"""What several use cases of indicators share."""
