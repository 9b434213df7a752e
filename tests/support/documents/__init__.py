"""Documents to print in tests, and how their pages are read."""
