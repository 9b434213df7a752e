"""The ranking of a call, live or frozen, and its page."""
