"""Binds stored files to the app: the job that makes pictures, what tidies up, the page for a file
that is not what it was."""

from __future__ import annotations

from flask import Flask

from lab import clock
from lab.files import previews, service, serving
from lab.jobs import service as jobs
from lab.jobs.queue import every_minute

MINUTE = 17  # of each hour; going through the folders costs more than a glance


def _sweep() -> None:
    if clock.now().minute == MINUTE:
        service.sweep()
        service.forget_lost_pictures()


def init(app: Flask) -> None:
    """Register the job, the sweep and the page."""
    serving.init(app)
    jobs.handler(previews.JOB, previews.make, previews.note_failure)
    every_minute(_sweep)
    every_minute(service.examine_older)
