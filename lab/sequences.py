"""Gap-keeping counters for official numbers: given once, never reused."""

from __future__ import annotations

from sqlalchemy import Integer, String, UniqueConstraint, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from lab.db import Numbered
from lab.extensions import Model, db


class Sequence(Numbered, Model):
    """The last number given for one kind and scope, e.g. ("proposal", "2022-01")."""

    __tablename__ = "sequence"
    __table_args__ = (UniqueConstraint("kind", "scope"),)

    kind: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(20))
    last: Mapped[int] = mapped_column(Integer, default=0)


def allocate(kind: str, scope: str) -> int:
    """The next number, 1 and up. Held by a row lock until the transaction ends.

    SQLite's writers are already one at a time; PostgreSQL's wait for each other at the row.
    """
    table = Sequence.__table__
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    db.session.execute(
        insert(table).values(kind=kind, scope=scope, last=0).on_conflict_do_nothing()
    )
    row = db.session.scalars(
        select(Sequence).where(Sequence.kind == kind, Sequence.scope == scope).with_for_update()
    ).one()
    row.last += 1
    db.session.flush()
    return row.last
