"""Binds the requests that wait for a second person to the app."""

from flask import Flask

from lab.jobs.queue import every_minute
from lab.releases import service, views
from lab.releases.commands import release


def _expire() -> None:
    service.expire_due()


def init(app: Flask) -> None:
    """Register the pages, the clock and the commands."""
    app.register_blueprint(views.bp)
    every_minute(_expire)
    app.cli.add_command(release)
