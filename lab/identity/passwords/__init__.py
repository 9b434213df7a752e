"""Choosing, forgetting and resetting passwords."""
