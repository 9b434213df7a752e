"""The migrated template database that tests copy."""

from __future__ import annotations

from flask_migrate import upgrade

from lab import create_app
from lab.config import ROOT, Settings
from lab.extensions import db


def migrate_into(settings: Settings) -> None:
    """Bring an empty place to the newest schema, the way an installation does."""
    app = create_app(settings)
    with app.app_context():
        if any((ROOT / "migrations" / "versions").glob("*.py")):
            upgrade()
        else:
            db.create_all()
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
