"""What landed versions of the portal had stored, put into the database of a test."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import Boolean, Connection, Date, DateTime, MetaData, Table, text

from lab.extensions import db

COUNT_ON = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), max(id)) FROM {0}"
Stored = Mapping[str, Any]


@dataclass(frozen=True)
class Landed:
    """The head of the migrations, {table: {"columns", "rows"}}, the heads of the audit log, and
    {path below the instance: content in base64}."""

    head: str
    tables: Stored
    heads: str
    files: Mapping[str, str]


def read(path: Path) -> Landed:
    """Read what tests/landed/store.py wrote."""
    data = json.loads(gzip.decompress(path.read_bytes()))
    heads = data.get("heads") or heads_without_key(data["tables"]["audit_event"])
    return Landed(data["revision"], data["tables"], heads, data.get("files", {}))


def as_stored(table: Table, columns: list[str], row: list[Any]) -> dict[str, Any]:
    """A row of the file with the values that the driver of this database wants."""
    values = dict(zip(columns, row, strict=True))
    for name, value in values.items():
        kind = table.c[name].type
        if value is None:
            continue
        if isinstance(kind, Boolean):
            values[name] = bool(value)
        elif isinstance(kind, DateTime):
            values[name] = datetime.fromisoformat(value)
        elif isinstance(kind, Date):
            values[name] = date.fromisoformat(value)
    return values


def fill(connection: Connection, tables: Stored) -> None:
    """Put the rows in, whatever order they refer to each other in."""
    sqlite = connection.dialect.name == "sqlite"
    found = MetaData()
    found.reflect(connection, only=list(tables))
    if not sqlite:
        connection.execute(text("SET session_replication_role = replica"))
    for name, content in tables.items():
        table = found.tables[name]
        rows = [as_stored(table, content["columns"], row) for row in content["rows"]]
        connection.execute(table.insert(), rows)
        if not sqlite and "id" in content["columns"]:
            connection.execute(text(COUNT_ON.format(name)))


def install(landed: Landed) -> None:
    """Bring the test's empty database to what that version had stored."""
    db.session.remove()
    upgrade(revision=landed.head)
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        fill(connection, landed.tables)
        connection.commit()
    db.engine.dispose()
    Path(current_app.config["AUDIT_HEADS"]).write_text(landed.heads, encoding="ascii")
    for name, content in landed.files.items():
        file = Path(current_app.config["INSTANCE"]) / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(base64.b64decode(content))


def heads_without_key(chain: Mapping[str, Any]) -> str:
    """The heads as versions noted them that kept them without a key."""
    seq, mac = chain["columns"].index("seq"), chain["columns"].index("mac")
    return "".join(f"{row[seq]} {row[mac]}\n" for row in chain["rows"])
