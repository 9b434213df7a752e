"""Binds saving while typing to the app."""

from flask import Flask

from lab.editing import answers, drafts, tabs, views
from lab.jobs.queue import every_minute


def init(app: Flask) -> None:
    """Register its two addresses, the answer to late saves, and the sweep."""
    app.register_blueprint(views.bp)
    app.register_error_handler(tabs.LateSave, answers.late)
    app.extensions["before_commit"] = drafts.settle
    every_minute(tabs.purge_expired)
