"""Alembic's entry: the portal's own engine and tables, on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from lab.factory import metadata

config = context.config


def _engine() -> Any:
    return current_app.extensions["migrate"].db.engine


def _include(_object: Any, name: str | None, kind: str, _reflected: bool, _to: Any) -> bool:
    # The words of the search are made by their migration, for each database in its own way.
    made_apart = (name or "").startswith("search_words")
    return not (kind == "table" and (name == "alembic_version" or made_apart))


def run() -> None:
    """Apply the revisions in one transaction each."""
    with _engine().connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata(),
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            include_object=_include,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
