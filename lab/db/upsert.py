"""INSERT with conflict handling on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def upsert(session: Session, table: Any) -> Any:
    """Return an INSERT into a table or mapped class in the session's dialect.

    It has `on_conflict_do_nothing` and `on_conflict_do_update`.
    """
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    return (postgresql.insert if on_postgresql else sqlite.insert)(table)
