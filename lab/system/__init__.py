"""Health of the installation, for its administrators and for monitoring."""
