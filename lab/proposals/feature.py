"""Binds proposals to the app."""

from flask import Flask

from lab.jobs import service as jobs
from lab.jobs.queue import every_minute
from lab.proposals import (
    audience,
    blueprint,
    gap_count,
    search_follow,
    service_files,
    service_import,
    snapshots,
    views,
    views_autosave,
    views_check,
    views_drafts,
    views_edit,
    views_export,
    views_files,
    views_import,
    views_items,
    views_joint,
    views_late,
    views_overdue,
    views_overview,
    views_search,
    views_submit,
    views_withdrawal,
)

# Their pages hang on `blueprint.bp`.
FILLS_BLUEPRINT = (
    views,
    views_autosave,
    views_drafts,
    views_edit,
    views_export,
    views_files,
    views_items,
    views_joint,
    views_late,
    views_overdue,
    views_submit,
    views_withdrawal,
)


def init(app: Flask) -> None:
    """Register the pages of proposals and of the formality check."""
    app.register_blueprint(blueprint.bp)
    app.register_blueprint(views_check.bp)
    app.register_blueprint(views_import.bp)
    app.register_blueprint(views_overview.bp)
    app.register_blueprint(views_search.bp)
    audience.init()
    search_follow.init()
    jobs.handler(service_import.JOB, service_import.examine, service_import.examine_failed)
    every_minute(snapshots.sweep)
    every_minute(gap_count.sweep)
    every_minute(service_files.sweep)
    every_minute(service_files.purge_replaced)
