"""Decisions about proposals; know neither the web nor the database."""
