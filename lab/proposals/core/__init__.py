"""What several use cases of proposals share."""
