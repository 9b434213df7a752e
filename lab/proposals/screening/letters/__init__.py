"""The letter about a check: drafted with it; once sent, the outcome takes effect."""
