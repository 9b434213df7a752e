"""Binds the feature to the app."""

from flask import Flask


def init(app: Flask) -> None:
    """Register what the feature has."""
