"""Binds backups to the app: the commands and the daily run."""

from __future__ import annotations

from flask import Flask

from lab import status
from lab.backup import daily
from lab.backup.commands import backup, restore
from lab.jobs.queue import every_minute


def _run_if_due() -> None:
    daily.run_if_due()


def init(app: Flask) -> None:
    """Register the commands and the daily backup."""
    app.cli.add_command(backup)
    app.cli.add_command(restore)
    every_minute(_run_if_due)
    status.register(app, daily.KEY, daily.TITLE, daily.check)
