"""A portal that was installed from an earlier version goes on with all its data.

tests/landed/ holds the public facts and the demonstration as each landed version stored them, by
the head of its migrations.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from flask_migrate import downgrade, upgrade
from sqlalchemy import Boolean, Connection, Date, DateTime, MetaData, Table, inspect, select, text

from lab import audit, clock
from lab.audit.service import verify_chain
from lab.extensions import db
from lab.filesystem import ROOT
from lab.identity.models.account import Person
from lab.identity.people.queries_handovers import linked_to
from tests.support.builders.histories import assert_present_is_today
from tests.support.client import PageClient

LANDED = sorted((ROOT / "tests" / "landed").glob("*.json.gz"))
# Emptied by an upgrade: made from the proposals, made anew by the worker; signed in no more.
MADE_ANEW = {"search_entry", "auth_session"}
PAGES = ("/", "/calls", "/proposals", "/projects/", "/inbox", "/reports/")
COUNT_ON = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), max(id)) FROM {0}"
Stored = Mapping[str, Any]


def read(path: Path) -> tuple[str, Stored, str]:
    """The head, {table: {"columns", "rows"}} and the heads of the audit log of a version."""
    data = json.loads(gzip.decompress(path.read_bytes()))
    chain = data["tables"]["audit_event"]
    return data["revision"], data["tables"], data.get("heads") or heads_without_key(chain)


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


def install(head: str, tables: Stored, heads: str) -> None:
    """Bring the test's database to what that version had stored."""
    db.session.remove()
    downgrade(revision="base")
    upgrade(revision=head)
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        fill(connection, tables)
        connection.commit()
    db.engine.dispose()
    Path(current_app.config["AUDIT_HEADS"]).write_text(heads, encoding="ascii")


def heads_without_key(chain: Mapping[str, Any]) -> str:
    """The heads as versions noted them that kept them without a key."""
    seq, mac = chain["columns"].index("seq"), chain["columns"].index("mac")
    return "".join(f"{row[seq]} {row[mac]}\n" for row in chain["rows"])


@pytest.mark.parametrize("path", LANDED, ids=lambda path: path.name.partition(".")[0])
def test_an_earlier_portal_is_updated_with_all_its_data(both_app: Flask, path: Path) -> None:
    head, tables, heads = read(path)
    with both_app.app_context():
        install(head, tables, heads)
        upgrade()
        stands = set(inspect(db.engine).get_table_names())
        for name, content in tables.items():
            if name in MADE_ANEW or name not in stands:
                continue
            count = db.session.scalar(text(f"SELECT count(*) FROM {name}"))
            assert count == len(content["rows"]), name
        assert texts("proposal", tables) == now("proposal", "title")
        assert_present_is_today(clock.today())
        assert verify_chain().is_intact
        db.session.rollback()
        audit.record_separately("access.denied", result="denied")
        assert verify_chain().is_intact, "the first act seals the heads"
        if db.engine.dialect.name == "sqlite":
            assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
        people = dict(db.session.execute(select(Person.sign_in_name, Person.id)).all())
        if "password_reset" in tables:  # its slip was opened by who asked for the account
            assert linked_to(people["demo-system2"]) == {people["demo-system"]}
        db.session.remove()
    for name in ("demo-office", "demo-applicant", "demo-leading"):
        client = PageClient(both_app).as_(people[name])
        for page in PAGES:
            assert client.http.get(page).status_code in (200, 403), (name, page)


def texts(table: str, tables: Stored) -> list[str]:
    column = tables[table]["columns"].index("title")
    return sorted(row[column] for row in tables[table]["rows"])


def now(table: str, column: str) -> list[str]:
    return sorted(db.session.scalars(text(f"SELECT {column} FROM {table}")))
