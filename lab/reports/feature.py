"""Binds reports to the app."""

from flask import Flask

from lab.jobs import service as jobs
from lab.reports import service, views


def init(app: Flask) -> None:
    """Register the report centre and the rendering job."""
    jobs.handler(service.JOB, service.render, service.render_failed)
    app.register_blueprint(views.bp)
