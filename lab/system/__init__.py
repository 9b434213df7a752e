"""How the installation itself is doing: for its administrators and for monitoring."""
