"""Binds identity to the app."""

from flask import Flask

from lab.identity import (
    attempt_rows,
    sessions,
    views,
    views_accounts,
    views_audit,
    views_forgotten,
    views_mail,
    views_people,
    views_units,
)
from lab.jobs.queue import every_minute


def init(app: Flask) -> None:
    """Register sign-in and the pages of people, units and the audit log."""
    assert views_accounts and views_forgotten and views_mail  # their addresses hang on the import
    for module in (views, views_people, views_units, views_audit):
        app.register_blueprint(module.bp)
    every_minute(attempt_rows.purge)
    every_minute(sessions.bring_back)
