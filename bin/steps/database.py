"""Brings the database up to date and, on first use of a demonstration, fills it.

Started by bin/serve inside the Python environment. Prints the portal's address on the first line,
then the demonstration accounts, if there are any.
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

from lab.config import Settings, SettingsError, load_settings

# Stands from before the first table until the demonstration is complete, so that a first start
# that was cut short is finished by the next one. Loading twice changes nothing.
PENDING = ".demonstration-pending"


def main() -> None:
    settings = load_settings()
    print(address(settings), flush=True)
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


def address(settings: Settings) -> str:
    """Where a browser on this machine finds the portal."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    host = everywhere.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


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
