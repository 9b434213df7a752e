"""Databases that tests fill, copy and put back."""
