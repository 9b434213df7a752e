"""Closing a month, and reopening it."""
