"""Receiving, storing and serving files."""
