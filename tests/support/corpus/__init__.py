"""Bad and hard input, and what sends it."""
