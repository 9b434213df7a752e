"""Short notices inside the portal."""
