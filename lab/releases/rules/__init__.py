"""Decisions about acts that take two; know neither the web nor the database."""
