"""Closing a month for good, and opening it again."""
