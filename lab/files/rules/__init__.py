"""Decisions about stored files; know neither the web nor the database."""
