"""Real requests for every rule, method, person and state."""
