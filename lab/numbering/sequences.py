"""Counters for official numbers, which may leave gaps but never reuse a number."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lab.db import HasId, upsert
from lab.extensions import Model, db


class Sequence(HasId, Model):
    """The last number issued for one kind and scope, e.g. ("proposal", "2022-01")."""

    __tablename__ = "sequence"
    __table_args__ = (UniqueConstraint("kind", "scope"),)

    kind: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(20))
    last: Mapped[int] = mapped_column(Integer, default=0)


def allocate(kind: str, scope: str) -> int:
    """Return the next number, from 1.

    Its row stays locked until the transaction ends, so no number is issued twice and a rollback
    returns it.
    """
    return allocate_run(kind, scope, 1)[0]


def lock_counter(kind: str, scope: str) -> None:
    """Lock the counter until the transaction ends, without writing.

    On SQLite this is a no-op: there is one writer at a time.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        key = func.hashtextextended(f"{kind} {scope}", 0)
        db.session.execute(select(func.pg_advisory_xact_lock(key)))


def allocate_run(kind: str, scope: str, count: int) -> range:
    """Return the next `count` numbers (at least 1) as a range without gaps; see `allocate`."""
    if count < 1:
        raise ValueError("a run has at least one number")
    table: Any = Sequence.__table__
    statement = (
        upsert(db.session(), table)
        .values(kind=kind, scope=scope, last=count)
        .on_conflict_do_update(
            index_elements=[table.c.kind, table.c.scope], set_={"last": table.c.last + count}
        )
        .returning(table.c.last)
    )
    last = int(db.session.execute(statement).scalar_one())
    return range(last - count + 1, last + 1)
