"""Write and read heartbeats. Times are the database's, so the nodes' clocks do not matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, type_coerce
from sqlalchemy.orm import Session

from lab.db import UtcDateTime, upsert
from lab.nodes import presence_marks
from lab.nodes.models import Heartbeat
from lab.nodes.rules import Conflict, Node, SeenProcess, find_conflict

FORGET_AFTER = timedelta(days=30)
_now = type_coerce(func.now(), UtcDateTime)


@dataclass(frozen=True)
class TimedProcess(SeenProcess):
    """A seen process with the exact time, for comparison with its mark in a shared folder."""

    at: datetime


def seen_processes(session: Session) -> list[TimedProcess]:
    """Return every process with a heartbeat, the newest first."""
    columns = (Heartbeat.number, Heartbeat.host, Heartbeat.boot, Heartbeat.kind, Heartbeat.seen_at)
    rows = session.execute(
        select(*columns, _now.label("now")).order_by(Heartbeat.seen_at.desc())
    ).all()
    return [
        TimedProcess(
            Node(row.number, row.host, row.boot),
            row.kind,
            (row.now - row.seen_at).total_seconds(),
            row.seen_at,
        )
        for row in rows
    ]


def conflict_with_others(
    seen_now: list[TimedProcess], node: Node, instance: Path, *, shared: bool
) -> tuple[Conflict, str] | None:
    """Return why the node should not run beside the others, and the name of one of them.

    None when it may.
    """
    moments = {(entry.node, entry.kind): entry.at for entry in seen_now}

    def leaves_traces_here(entry: SeenProcess) -> bool:
        return presence_marks.matches_mark(instance, entry.node, moments[entry.node, entry.kind])

    return find_conflict(node, shared, seen_now, leaves_traces_here)


def record_heartbeat(session: Session, node: Node, kind: str) -> datetime:
    """Record a heartbeat of this kind of process; return the database's time."""
    table: Any = Heartbeat.__table__
    statement = (
        upsert(session, table)
        .values(number=node.number, host=node.host, boot=node.boot, kind=kind, seen_at=func.now())
        .on_conflict_do_update(
            index_elements=[table.c.number, table.c.host, table.c.kind],
            set_={"seen_at": func.now(), "boot": node.boot},
        )
        .returning(table.c.seen_at)
    )
    at: datetime = session.execute(statement).scalar_one()
    return at


def purge_old(session: Session) -> None:
    """Delete heartbeats of nodes that have been gone for a month."""
    now = session.scalar(select(_now))
    assert now is not None
    session.execute(delete(Heartbeat).where(Heartbeat.seen_at < now - FORGET_AFTER))
