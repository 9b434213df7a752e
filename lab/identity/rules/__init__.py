"""Decisions about accounts and passwords; know neither the web nor the database."""
