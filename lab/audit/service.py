"""Writing and checking the audit chain."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app, g, has_app_context, has_request_context, request
from sqlalchemy import event, select, text
from sqlalchemy.orm import ORMExecuteState, Session

from lab import clock
from lab.audit import chain
from lab.audit.heads import append_head, read_heads
from lab.audit.models import AuditEvent
from lab.db import writing
from lab.extensions import db

PENDING, WROTE, LAST = "audit_pending", "audit_wrote", "audit_last"
ADVISORY_LOCK = 7_205_917  # any constant; held on PostgreSQL while a row is appended
# No records of the lab's work: sign-ins and jobs write lines of their own, pictures belong to files
# that have theirs, and the helps for writing a proposal (who sits where, texts of the last hour)
# are pruned by the clock. What is made from the proposals, and can be made again, is none either.
UNAUDITED = frozenset(
    {
        *("audit_event", "auth_session", "sign_in_failure", "job", "alembic_version"),
        *("proposal_presence", "proposal_draft_snapshot", "file_preview", "file_preview_page"),
        *("search_entry", "similar_run", "similar_pair", "heartbeat"),
        # The queue of mails: acts of people and how a mail ended write lines of their own.
        "letter_recipient",
    }
)


log = logging.getLogger("lab.audit")


class AuditMissing(Exception):
    """A business row was about to be committed without an audit line."""


def record(
    action: str,
    obj: Any = None,
    *,
    detail: Mapping[str, Any] | None = None,
    result: str = "ok",
    session: Session | None = None,
    object_type: str = "",
    object_key: str = "",
) -> None:
    """Note one act; the row is appended by the commit of the same transaction.

    `detail` holds small facts (numbers, states, lengths), never passwords, tokens or long texts.
    """
    session = session if session is not None else db.session()
    actor_id, actor_name = _actor()
    session.info.setdefault(PENDING, []).append(
        {
            "actor_id": actor_id,
            "actor_name": actor_name,
            "address": (request.remote_addr or "")[:64] if has_request_context() else "",
            "action": action,
            "object": obj,
            "object_type": object_type or (type(obj).__name__ if obj is not None else ""),
            "object_key": object_key,
            "result": result,
            "detail": json.dumps(detail or {}, ensure_ascii=False, sort_keys=True, default=str),
        }
    )


def record_apart(action: str, **kwargs: Any) -> None:
    """Note an act that changes nothing else (a refusal, a failed sign-in) at once, by itself."""
    with writing() as session:
        record(action, session=session, **kwargs)


def note_denial(action: str, object_type: str, object_key: str) -> None:
    """Note that an act was refused to the person of this request."""
    record_apart(
        "access.denied",
        object_type=object_type,
        object_key=object_key,
        detail={"action": action, "method": request.method},
        result="denied",
    )


def _actor() -> tuple[int, str]:
    # Plain values: after a rollback the person's row would have to be read again, in a
    # transaction that could stand in the way of the one this line belongs to.
    actor = g.get("actor") if has_app_context() else None
    return (actor.id, g.get("actor_name", "")) if actor and actor.id else (0, "系统")


def _object_key(obj: Any) -> str:
    for name in ("key", "id"):
        value = getattr(obj, name, None)
        if value is not None:
            return str(value)
    return ""


def _as_row(event_: AuditEvent) -> dict[str, Any]:
    row = {name: getattr(event_, name) for name in (*chain.COVERED, "mac")}
    row["at"] = _iso(event_.at)
    return row


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _append(session: Session, entries: list[dict[str, Any]]) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
    last = session.execute(
        select(AuditEvent.seq, AuditEvent.mac).order_by(AuditEvent.seq.desc()).limit(1)
    ).first()
    seq, prev = (last.seq, last.mac) if last else (0, chain.GENESIS)
    for entry in entries:
        obj = entry.pop("object")
        entry["object_key"] = entry["object_key"] or _object_key(obj)
        seq += 1
        line = AuditEvent(seq=seq, at=clock.now(), prev_mac=prev, **entry)
        line.mac = prev = chain.mac(current_app.config["AUDIT_KEY"], _as_row(line))
        session.add(line)
    session.info[LAST] = (seq, prev)


@event.listens_for(Session, "after_flush")
def _note_writes(session: Session, _context: Any) -> None:
    touched = [*session.new, *session.dirty, *session.deleted]
    if any(getattr(o, "__tablename__", "") not in UNAUDITED for o in touched):
        session.info[WROTE] = True


@event.listens_for(Session, "do_orm_execute")
def _note_mass_writes(state: ORMExecuteState) -> None:
    """INSERT, UPDATE and DELETE of many rows at once pass by the flush."""
    statement: Any = state.statement
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    if statement.table.name not in UNAUDITED:
        state.session.info[WROTE] = True


@event.listens_for(Session, "before_commit")
def _write_lines(session: Session) -> None:
    session.flush()
    entries = session.info.pop(PENDING, [])
    wrote = session.info.pop(WROTE, False)
    if wrote and not entries:
        raise AuditMissing("no audit line for this write")
    if entries:
        _append(session, entries)
        session.flush()
        session.info.pop(WROTE, None)


@event.listens_for(Session, "after_commit")
def _note_head(session: Session) -> None:
    last = session.info.pop(LAST, None)
    if last is None or not has_app_context():
        return
    try:
        append_head(Path(current_app.config["AUDIT_HEADS"]), *last)
    except OSError:  # the act is already committed: its answer must not say otherwise
        log.exception("the head of the audit chain could not be noted outside the database")


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    for name in (PENDING, WROTE, LAST):
        session.info.pop(name, None)


def stored_rows(session: Session, batch: int = 5000) -> Iterator[dict[str, Any]]:
    """Every row of the chain in order, read in batches of columns."""
    columns = [getattr(AuditEvent, name) for name in (*chain.COVERED, "mac")]
    result = session.execute(
        select(*columns).order_by(AuditEvent.seq).execution_options(yield_per=batch)
    )
    for row in result:
        values = dict(row._mapping)
        values["at"] = _iso(values["at"])
        yield values


def verify_chain(session: Session | None = None) -> chain.Report:
    """Check the whole stored chain against its key and the heads noted outside."""
    session = session if session is not None else db.session()
    heads = read_heads(Path(current_app.config["AUDIT_HEADS"]))
    return chain.verify(current_app.config["AUDIT_KEY"], stored_rows(session), heads)


def head() -> tuple[int, str]:
    """Number and code of the newest row; (0, zeros) when there is none."""
    last = db.session.execute(
        select(AuditEvent.seq, AuditEvent.mac).order_by(AuditEvent.seq.desc()).limit(1)
    ).first()
    return (last.seq, last.mac) if last else (0, chain.GENESIS)
