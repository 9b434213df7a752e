"""Decisions about meetings and results; know neither the web nor the database."""
