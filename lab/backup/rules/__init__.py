"""Decisions about backups; know neither the web nor the database."""
