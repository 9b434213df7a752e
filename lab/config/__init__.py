"""Settings of the portal and their validation."""
