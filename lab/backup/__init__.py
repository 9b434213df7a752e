"""Back up the whole portal while people write, and restore it."""
