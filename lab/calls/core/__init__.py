"""What several use cases of calls share."""
