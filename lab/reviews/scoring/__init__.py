"""The exact arithmetic of review; independent of web and database."""
