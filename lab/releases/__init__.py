"""Actions that one person requests and another releases (复核)."""
