"""Binds calls to the app."""

from flask import Flask

from lab.calls import blueprint, service, views_acts, views_criteria, views_deadlines, views_notice
from lab.jobs.queue import every_minute

# Their addresses hang on the blueprint of `views`.
FILLS_BLUEPRINT = (views_acts, views_criteria, views_deadlines, views_notice)


def init(app: Flask) -> None:
    """Register the pages and the clock that opens and closes calls."""
    app.register_blueprint(blueprint.bp)
    every_minute(service.sweep)
