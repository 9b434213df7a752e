"""Stored files: validated, hashed, under random names outside the web root."""
