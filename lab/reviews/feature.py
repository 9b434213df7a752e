"""Binds review to the app."""

from flask import Flask

from lab.reviews import blueprint
from lab.reviews.assignment import views as assignment_views
from lab.reviews.core import conflicts
from lab.reviews.rounds import views as rounds_views
from lab.reviews.sheets import views as sheets_views


def init(app: Flask) -> None:
    """Register the pages of rounds and of reviewers."""
    assert rounds_views and assignment_views and sheets_views  # their addresses hang on the import
    app.register_blueprint(blueprint.bp)
    conflicts.init()
