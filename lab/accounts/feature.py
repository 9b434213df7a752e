"""Binds the acts on accounts that go by release to the app."""

from flask import Flask

from lab.accounts import commands, handlers, views, views_roles


def init(app: Flask) -> None:
    """Register the acts and the pages; the commands hang on their import."""
    assert commands and views_roles
    handlers.register()
    app.register_blueprint(views.bp)
