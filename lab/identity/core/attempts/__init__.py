"""Passwords and other secrets asked for: every wrong one counts, in one place."""
