"""Decisions about figures; know neither the web nor the database."""
