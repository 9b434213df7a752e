"""Binds review to the app."""

from flask import Flask

from lab.reviews import blueprint, impartiality, views, views_assign, views_sheet


def init(app: Flask) -> None:
    """Register the pages of rounds and of reviewers."""
    assert views and views_assign and views_sheet  # their addresses hang on the import
    app.register_blueprint(blueprint.bp)
    impartiality.init()
