"""Writing and reading heartbeats. Times are the database's, so clocks of nodes do not matter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lab.db import UtcDateTime
from lab.nodes.models import Heartbeat
from lab.nodes.rules import Node, Seen

FORGET_AFTER = timedelta(days=30)
_now = type_coerce(func.now(), UtcDateTime)


def seen(session: Session) -> list[Seen]:
    """Every process that left a heartbeat, the newest first."""
    rows = session.execute(_rows()).all()
    return [
        Seen(Node(row.number, row.host), row.kind, (row.now - row.seen_at).total_seconds())
        for row in rows
    ]


def _rows() -> Select[str, str, str, datetime, datetime]:
    columns = (Heartbeat.number, Heartbeat.host, Heartbeat.kind, Heartbeat.seen_at)
    return select(*columns, _now.label("now")).order_by(Heartbeat.seen_at.desc())


def beat(session: Session, node: Node, kind: str) -> None:
    """Note that this kind of process of the node runs now."""
    table: Any = Heartbeat.__table__
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(table)
        .values(number=node.number, host=node.host, kind=kind, seen_at=func.now())
        .on_conflict_do_update(
            index_elements=[table.c.number, table.c.host, table.c.kind],
            set_={"seen_at": func.now()},
        )
    )


def forget_old(session: Session) -> None:
    """Delete the heartbeats of nodes that have been gone for a month."""
    now = session.scalar(select(_now))
    assert now is not None
    session.execute(delete(Heartbeat).where(Heartbeat.seen_at < now - FORGET_AFTER))
