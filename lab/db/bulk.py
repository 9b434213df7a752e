"""Insert many rows of one table in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, inspect
from sqlalchemy.orm import Session

from lab.db.tally_keeping import note_inserted


def insert_all(session: Session, objects: Sequence[Any]) -> None:
    """Insert new objects of one class; the objects stay outside the session.

    Nothing is read back: look ids up by a key of the rows. Columns left at None take their default,
    related objects contribute their id only. Adding the objects to the session would take a
    statement each, because SQLite does not return ids in row order.
    """
    if not objects:
        return
    table: Any = type(objects[0]).__table__
    # Attributes may have another name than their column.
    attributes = {a.columns[0]: a.key for a in inspect(type(objects[0])).column_attrs}
    columns = [column for column in attributes if column.key != "id"]
    rows = [{c.key: getattr(one, attributes[c]) for c in columns} for one in objects]
    default_columns = {
        c.key for c in columns if c.default is not None and all(row[c.key] is None for row in rows)
    }
    session.execute(
        insert(table), [{k: v for k, v in row.items() if k not in default_columns} for row in rows]
    )
    note_inserted(session, objects)
