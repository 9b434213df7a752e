"""The template databases that tests copy: migrated, and with the cast in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from flask import Flask
from flask_migrate import upgrade

from lab.config.settings import Settings
from lab.extensions import db
from lab.factory import create_app
from lab.filesystem import ROOT
from tests.support.cast import Cast, assemble
from tests.support.databases.app_pool import close

Place = TypeVar("Place")


@dataclass(frozen=True)
class Peopled(Generic[Place]):
    """A template with the cast in it: where it is, who is who, and its instance folder."""

    template: Place
    cast: Cast
    instance: Path


def migrate_into(settings: Settings) -> None:
    """Bring an empty place to the newest schema, the way an installation does."""
    app = create_app(settings)
    with app.app_context():
        if any((ROOT / "migrations" / "versions").glob("*.py")):
            upgrade()
        else:
            db.create_all()
    settle(app)


def put_cast_into(settings: Settings) -> Cast:
    """Store the cast in a migrated place and leave it ready to be copied."""
    app = create_app(settings)
    with app.app_context():
        cast = assemble()
    settle(app)
    return cast


def settle(app: Flask) -> None:
    """Let go of the database, all of it in the one file or the server."""
    with app.app_context():
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    close(app)
