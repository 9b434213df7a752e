"""Brings the database up to date and, on first use of a demonstration, fills it.

Started by bin/serve inside the Python environment. Prints the demonstration accounts, if any.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import inspect

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lab.config import SettingsError, load_settings

# Stands from before the first table until the demonstration is complete, so that a first start
# that was cut short is finished by the next one. Loading twice changes nothing.
PENDING = ".demonstration-pending"


def main() -> None:
    settings = load_settings()
    from app import app

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
    if not settings.production:
        _command(app, "accounts", "demo-list")


def _is_new(app: Flask) -> bool:
    from lab.extensions import db

    with app.app_context():
        return not inspect(db.engine).has_table("alembic_version")


def _command(app: Flask, *words: str) -> None:
    """Run one of the portal's own commands in this process: a new one would cost a second each."""
    info = ScriptInfo(create_app=lambda: app)
    app.cli.main(args=list(words), prog_name="flask", obj=info, standalone_mode=False)


if __name__ == "__main__":
    try:
        main()
    except SettingsError as error:
        sys.exit(str(error))
    except click.ClickException as error:
        sys.exit(error.format_message())
