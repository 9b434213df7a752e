"""Binds the acts on accounts that go by release to the app."""

from flask import Flask

from lab.accounts import acts, commands, views, views_roles


def init(app: Flask) -> None:
    """Register the acts and the pages; the commands hang on their import."""
    assert commands and views_roles
    acts.register()
    app.register_blueprint(views.bp)
