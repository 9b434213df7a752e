"""Binds calls to the app."""

from flask import Flask

from lab.calls import blueprint
from lab.calls.criteria import views as criteria_views
from lab.calls.deadlines import views as deadlines_views
from lab.calls.notice import views as notice_views
from lab.calls.pages import service as calls_service
from lab.calls.pages import views, views_actions
from lab.jobs.queue import every_minute

# Their pages hang on the blueprint.
FILLS_BLUEPRINT = (views, views_actions, criteria_views, deadlines_views, notice_views)


def init(app: Flask) -> None:
    """Register the pages and the clock that opens and closes calls."""
    app.register_blueprint(blueprint.bp)
    every_minute(calls_service.run_due_transitions)
