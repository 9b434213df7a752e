"""Settings of the portal and their checks."""
