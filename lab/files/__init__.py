"""Stored files: checked, hashed, kept under random names outside the web root."""
