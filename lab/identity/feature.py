"""Binds identity to the app."""

from flask import Flask

from lab.identity import views


def init(app: Flask) -> None:
    """Register sign-in and the pages of people, units and the audit log."""
    app.register_blueprint(views.bp)
