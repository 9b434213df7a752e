"""What projects, scenarios and indicators there are, and their names."""
