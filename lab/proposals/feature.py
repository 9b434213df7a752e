"""Binds proposals to the app."""

from flask import Flask

from lab.jobs.queue import every_minute
from lab.proposals import (
    presence,
    snapshots,
    views,
    views_autosave,
    views_check,
    views_drafts,
    views_edit,
    views_items,
    views_overdue,
    views_submit,
)

# Their pages hang on the blueprint of `views`.
FILLS_BLUEPRINT = (
    views_autosave,
    views_drafts,
    views_edit,
    views_items,
    views_overdue,
    views_submit,
)


def init(app: Flask) -> None:
    """Register the pages of proposals and of the formality check."""
    app.register_blueprint(views.bp)
    app.register_blueprint(views_check.bp)
    every_minute(snapshots.sweep)
    every_minute(presence.sweep)
