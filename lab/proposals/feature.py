"""Binds proposals to the app."""

from flask import Flask

from lab.jobs import service as jobs
from lab.jobs.queue import every_minute
from lab.proposals import blueprint
from lab.proposals.attachments import service as attachments_service
from lab.proposals.attachments import views as attachments_views
from lab.proposals.bulk_import import service as bulk_import_service
from lab.proposals.bulk_import import views as bulk_import_views
from lab.proposals.export import views as export_views
from lab.proposals.joint import views as joint_views
from lab.proposals.monitoring import views as monitoring_views
from lab.proposals.pages import audience
from lab.proposals.pages import views as pages_views
from lab.proposals.screening import views as screening_views
from lab.proposals.screening import views_items, views_overdue
from lab.proposals.search import indexing
from lab.proposals.search import views as search_views
from lab.proposals.submission import views as submission_views
from lab.proposals.submission import views_late
from lab.proposals.withdrawal import views as withdrawal_views
from lab.proposals.writing import missing_count, snapshots, views_autosave, views_snapshots
from lab.proposals.writing import views as writing_views

# Their pages hang on `blueprint.bp`.
FILLS_BLUEPRINT = (
    pages_views,
    views_autosave,
    views_snapshots,
    writing_views,
    export_views,
    attachments_views,
    views_items,
    joint_views,
    views_late,
    views_overdue,
    submission_views,
    withdrawal_views,
)


def init(app: Flask) -> None:
    """Register the pages of proposals and of the formality check."""
    app.register_blueprint(blueprint.bp)
    app.register_blueprint(screening_views.bp)
    app.register_blueprint(bulk_import_views.bp)
    app.register_blueprint(monitoring_views.bp)
    app.register_blueprint(search_views.bp)
    audience.init()
    indexing.init()
    jobs.handler(
        bulk_import_service.JOB, bulk_import_service.examine, bulk_import_service.examine_failed
    )
    every_minute(snapshots.purge_expired)
    every_minute(missing_count.count_uncounted)
    every_minute(attachments_service.order_missing_previews)
    every_minute(attachments_service.purge_replaced)
