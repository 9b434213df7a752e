"""Actions that one person requests and a second person releases (复核)."""
