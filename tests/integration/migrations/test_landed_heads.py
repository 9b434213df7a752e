"""A portal that was installed from an earlier version goes on with all its data.

tests/landed/ holds the public facts and the demonstration as each landed version stored them, by
the head of its migrations.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect, select, text

from lab import audit, clock
from lab.audit.check import verify_chain
from lab.extensions import db
from lab.filesystem import ROOT
from lab.identity.models.account import Person
from lab.identity.people.queries_handovers import linked_to
from tests.support.builders.histories import assert_present_is_today
from tests.support.client import PageClient
from tests.support.databases.landed import Stored, install, read

LANDED = sorted((ROOT / "tests" / "landed").glob("0*.json.gz"))
# Emptied by an upgrade: made from the proposals, made anew by the worker; signed in no more.
MADE_ANEW = {"search_entry", "auth_session"}
PAGES = ("/", "/calls", "/proposals", "/projects/", "/inbox", "/reports/")


@pytest.mark.parametrize("path", LANDED, ids=lambda path: path.name.partition(".")[0])
def test_an_earlier_portal_is_updated_with_all_its_data(unmigrated_app: Flask, path: Path) -> None:
    data = read(path)
    tables = data.tables
    with unmigrated_app.app_context():
        install(data)
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
        client = PageClient(unmigrated_app).as_(people[name])
        for page in PAGES:
            assert client.http.get(page).status_code in (200, 403), (name, page)


def texts(table: str, tables: Stored) -> list[str]:
    column = tables[table]["columns"].index("title")
    return sorted(row[column] for row in tables[table]["rows"])


def now(table: str, column: str) -> list[str]:
    return sorted(db.session.scalars(text(f"SELECT {column} FROM {table}")))
