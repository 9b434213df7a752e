"""Brings the database up to date and, on first use of a demonstration, fills it."""

from __future__ import annotations

import contextlib
import io
import sys

from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import inspect

from lab.config.settings import Settings

# Stands from before the first table until the demonstration is complete, so that a first start
# that was cut short is finished by the next one. Loading twice changes nothing.
PENDING = ".demonstration-pending"


def prepare(app: Flask, settings: Settings) -> None:
    """Run the migrations; where the database is new and nothing forbids it, load the examples."""
    pending = settings.instance / PENDING
    if not settings.production and _is_new(app):
        pending.touch()
    with contextlib.redirect_stdout(sys.stderr):
        _command(app, "db", "upgrade")
        if pending.exists():
            print("First use: loading the public facts and the demonstration …", flush=True)
            _command(app, "data", "load-facts")
            _command(app, "data", "load-demo")
            pending.unlink()


def accounts(app: Flask, settings: Settings) -> str:
    """The list of demonstration accounts; empty in production mode."""
    if settings.production:
        return ""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        _command(app, "accounts", "demo-list")
    return output.getvalue()


def _is_new(app: Flask) -> bool:
    from lab.extensions import db

    with app.app_context():
        return not inspect(db.engine).has_table("alembic_version")


def _command(app: Flask, *words: str) -> None:
    """Run one of the portal's own commands in this process: a new one would cost a second each."""
    info = ScriptInfo(create_app=lambda: app)
    app.cli.main(args=list(words), prog_name="flask", obj=info, standalone_mode=False)
