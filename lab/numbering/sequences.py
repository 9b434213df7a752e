"""Gap-keeping counters for official numbers: given once, never reused."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lab.db import HasId, upsert
from lab.extensions import Model, db


class Sequence(HasId, Model):
    """The last number given for one kind and scope, e.g. ("proposal", "2022-01")."""

    __tablename__ = "sequence"
    __table_args__ = (UniqueConstraint("kind", "scope"),)

    kind: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(20))
    last: Mapped[int] = mapped_column(Integer, default=0)


def allocate(kind: str, scope: str) -> int:
    """The next number, 1 and up. Its row stays locked until the transaction ends, so a number
    is given once and a transaction taken back gives its number back.
    """
    return allocate_run(kind, scope, 1)[0]


def lock_counter(kind: str, scope: str) -> None:
    """Wait for everybody else who holds these, until the transaction ends; nothing is written.

    SQLite has one writer at a time anyhow.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        key = func.hashtextextended(f"{kind} {scope}", 0)
        db.session.execute(select(func.pg_advisory_xact_lock(key)))


def allocate_run(kind: str, scope: str, count: int) -> range:
    """The next `count` numbers (at least one) without a gap between them; otherwise the same."""
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
