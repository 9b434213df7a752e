"""Search, and similar proposals."""
