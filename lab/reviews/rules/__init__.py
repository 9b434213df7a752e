"""Decisions of review beside the scores; know neither the web nor the database."""
