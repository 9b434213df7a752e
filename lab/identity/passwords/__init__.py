"""Changing, recovering and resetting passwords."""
