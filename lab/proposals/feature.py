"""Binds proposals to the app."""

from flask import Flask

from lab.jobs import service as jobs
from lab.jobs.queue import every_minute
from lab.proposals import (
    presence,
    service_import,
    snapshots,
    views,
    views_autosave,
    views_check,
    views_drafts,
    views_edit,
    views_export,
    views_import,
    views_submit,
)

# Their pages hang on the blueprint of `views`.
FILLS_BLUEPRINT = (views_autosave, views_drafts, views_edit, views_export, views_submit)


def init(app: Flask) -> None:
    """Register the pages of proposals and of the formality check."""
    app.register_blueprint(views.bp)
    app.register_blueprint(views_check.bp)
    app.register_blueprint(views_import.bp)
    jobs.handler(service_import.JOB, service_import.examine, service_import.examine_failed)
    every_minute(snapshots.sweep)
    every_minute(presence.sweep)
