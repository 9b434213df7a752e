"""Binds the page of the installation's state, and the checks of its lower half, to the app."""

from flask import Flask

from lab import status
from lab.system import checks, views


def init(app: Flask) -> None:
    """Register the page and the checks; features above add their own."""
    app.register_blueprint(views.bp)
    for key, title, check in checks.ALL:
        status.register(app, key, title, check)
