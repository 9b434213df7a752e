"""Writing the audit chain."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from flask import g, has_app_context, has_request_context, request
from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session

from lab.audit import appending, deferred, key_check, suspension
from lab.audit.appending import BEGINNING, DEFERRED, LAST
from lab.audit.check import stored_rows
from lab.audit.models import AuditEvent
from lab.audit.rules import chain
from lab.audit.rules.heads import Head
from lab.audit.suspension import EXEMPT_TABLES
from lab.db import writing
from lab.extensions import db

PENDING, TOUCHED_TABLES = "audit_pending", "audit_wrote"
# No records of the lab's work: sign-ins and jobs write lines of their own, pictures belong to files
# that have theirs, and the helps for writing a proposal (who sits where, texts of the last hour)
# are pruned by the clock. What is made from the proposals, and can be made again, is none either.
UNAUDITED_TABLES = frozenset(
    {
        *("audit_event", "auth_session", "sign_in_failure", "job", "alembic_version"),
        *("editor_tab", "proposal_draft_snapshot", "file_preview", "file_preview_page"),
        *("search_entry", "similar_run", "similar_pair", "heartbeat", "state_tally"),
        # Answers that wait for their browser, and posts that are not done twice.
        *("kept_page", "finished_post"),
        # The queue of mails: actions of people and how a mail ended write lines of their own.
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
    """Record one action; the commit of the same transaction appends the row.

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


def record_separately(action: str, **kwargs: Any) -> None:
    """Record an action in a transaction of its own.

    For actions that change nothing else: a denial, a failed sign-in.
    """
    with writing() as session:
        record(action, session=session, **kwargs)


def record_denial(action: str, object_type: str, object_key: str) -> None:
    """Record that an action was denied to the person of this request."""
    record_separately(
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


def begin_chain(operator: str) -> Head:
    """Begin a new segment with the present key on purpose; return the head of its first row.

    The row carries the operator's name and a digest of all earlier rows. It also settles problems
    with the external heads: they are sealed as they are.
    """
    with writing() as session:
        appending.lock(session)
        detail = {"operator": operator, "digest": chain.digest(stored_rows(session))}
        session.info[BEGINNING] = True
        record(chain.BEGIN, session=session, detail=detail)
    suspension.check_key()
    query = (
        select(AuditEvent.seq, AuditEvent.mac)
        .where(AuditEvent.action == chain.BEGIN)
        .order_by(AuditEvent.seq.desc())
    )
    row = db.session.execute(query).first()
    assert row is not None
    return row.seq, row.mac


# -- the session's events ----------------------------------------------------------------------


@event.listens_for(Session, "after_flush")
def _track_writes(session: Session, _context: Any) -> None:
    touched = {getattr(o, "__tablename__", "") for o in (*session.new, *session.dirty)}
    touched |= {getattr(o, "__tablename__", "") for o in session.deleted}
    if touched:
        session.info.setdefault(TOUCHED_TABLES, set()).update(touched)


@event.listens_for(Session, "do_orm_execute")
def _track_mass_writes(state: ORMExecuteState) -> None:
    """Track bulk INSERT, UPDATE and DELETE, which bypass the flush."""
    statement: Any = state.statement
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info.setdefault(TOUCHED_TABLES, set()).add(statement.table.name)


@event.listens_for(Session, "before_commit")
def _write_lines(session: Session) -> None:
    session.flush()
    entries = session.info.pop(PENDING, [])
    touched = session.info.pop(TOUCHED_TABLES, set())
    if touched - UNAUDITED_TABLES and not entries:
        raise AuditMissing("no audit line for this write")
    # The queue and other helps are no records: the chain is asked only where it may refuse them.
    if not entries and not (touched - EXEMPT_TABLES and suspension.is_suspended()):
        return
    appending.lock(session)
    last = key_check.newest_row(session)
    if session.info.get(BEGINNING) or suspension.key_fits(last):
        if entries:
            appending.append(session, entries, last)
    else:
        appending.defer(session, touched, entries)
    session.info.pop(TOUCHED_TABLES, None)


@event.listens_for(Session, "after_commit")
def _confirm_head(session: Session) -> None:
    last, size = session.info.pop(LAST, None), session.info.pop(DEFERRED, 0)
    if last is None or not has_app_context():
        return
    try:
        appending.heads().confirm(last[0])
        if size:
            deferred.remove_leading(appending.deferred_path(), size)
    except OSError:  # the action is already committed: its answer must not say otherwise
        log.exception("the head of the audit chain could not be confirmed outside the database")


@event.listens_for(Session, "after_rollback")
def _discard_pending(session: Session) -> None:
    for name in (PENDING, TOUCHED_TABLES, LAST, DEFERRED, BEGINNING):
        session.info.pop(name, None)


def head() -> Head:
    """Return number and code of the newest row; (0, zeros) when there is none."""
    last = db.session.execute(
        select(AuditEvent.seq, AuditEvent.mac).order_by(AuditEvent.seq.desc()).limit(1)
    ).first()
    return (last.seq, last.mac) if last else (0, chain.GENESIS)
