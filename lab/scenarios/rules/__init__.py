"""Decisions about scenarios; know neither the web nor the database."""
