"""Short notices within the portal."""
