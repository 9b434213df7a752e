"""Binds calls to the app."""

from flask import Flask

from lab.calls import service, views, views_acts, views_criteria
from lab.jobs.queue import every_minute


def init(app: Flask) -> None:
    """Register the pages and the clock that opens and closes calls."""
    assert views_acts and views_criteria  # their addresses hang on the import
    app.register_blueprint(views.bp)
    every_minute(service.sweep)
