"""Decisions about projects; know neither the web nor the database."""
