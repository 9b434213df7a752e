"""Decisions about calls; know neither the web nor the database."""
