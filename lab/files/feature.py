"""Binds stored files to the app: the job that makes pictures, what tidies up, the page for a file
that is not what it was."""

from __future__ import annotations

from flask import Flask

from lab import clock
from lab.files.previews import service as previews
from lab.files.storing import service as stored_files
from lab.files.storing import serving
from lab.jobs import service as jobs
from lab.jobs.queue import every_minute

MINUTE = 17  # of each hour; going through the folders costs more than a glance


def _clean_up() -> None:
    if clock.now().minute == MINUTE:
        stored_files.purge_expired()
        stored_files.delete_lost_previews()


def init(app: Flask) -> None:
    """Register the job, the sweep and the page."""
    serving.init(app)
    jobs.handler(previews.JOB, previews.make, previews.note_failure)
    every_minute(_clean_up)
    every_minute(stored_files.examine_older)
