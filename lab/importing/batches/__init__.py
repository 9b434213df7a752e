"""Imports with a dry run: what those of every feature have in common."""
