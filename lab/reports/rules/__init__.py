"""Decisions about documents; know neither the web nor the database."""
