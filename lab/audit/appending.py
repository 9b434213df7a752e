"""Append to the chain, or store lines for later while the audit key does not fit."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lab import clock
from lab.audit import deferred
from lab.audit.check import iso_utc
from lab.audit.models import SEAL, AuditEvent
from lab.audit.rules import chain
from lab.audit.rules.heads import Head, HeadsFile, begins_unkeyed
from lab.audit.suspension import EXEMPT_TABLES, AuditSuspended

BEGINNING, LAST, DEFERRED = "audit_beginning", "audit_last", "audit_waited"
ADVISORY_LOCK = 7_205_917  # any constant; held on PostgreSQL while a row is appended
SYSTEM_ACTOR = {"actor_id": 0, "actor_name": "系统", "address": ""}
log = logging.getLogger("lab.audit")


def _object_key(obj: Any) -> str:
    for name in ("key", "id"):
        value = getattr(obj, name, None)
        if value is not None:
            return str(value)
    return ""


def _as_row(event_: AuditEvent) -> dict[str, Any]:
    row = {name: getattr(event_, name) for name in (*chain.COVERED_COLUMNS, "mac")}
    row["at"] = iso_utc(event_.at)
    return row


def lock(session: Session) -> None:
    """Lock the end of the chain until the transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})


def append(session: Session, entries: list[dict[str, Any]], last: Any) -> None:
    """Append lines after the row `last`, together with the deferred ones. The lock must be held."""
    base: Head = (last.seq, last.mac) if last else (0, chain.GENESIS)
    beginning = session.info.pop(BEGINNING, False)
    seal = "b" if beginning else ("s" if _needs_seal(session) else "")
    waited, deferred_size = _deferred_entries(session)
    first = entries[:1] if beginning else ([_seal_entry()] if seal else [])
    lines = _lines(base, [*first, *waited, *(entries[1:] if beginning else entries)])
    session.add_all(lines)
    session.flush()
    new = (lines[-1].seq, lines[-1].mac)
    heads().announce(base, new, seal=(seal, (lines[0].seq, lines[0].mac)) if seal else None)
    session.info[LAST] = new
    session.info[DEFERRED] = deferred_size


def _lines(base: Head, entries: list[dict[str, Any]]) -> list[AuditEvent]:
    seq, prev = base
    lines = []
    for entry in entries:
        obj = entry.pop("object", None)
        entry["object_key"] = entry["object_key"] or _object_key(obj)
        seq += 1
        line = AuditEvent(**{"seq": seq, "at": clock.now(), "prev_mac": prev, **entry})
        line.mac = prev = chain.mac(current_app.config["AUDIT_KEY"], _as_row(line))
        lines.append(line)
    return lines


def heads() -> HeadsFile:
    """Return the file of heads, written with the present key."""
    return HeadsFile(Path(current_app.config["AUDIT_HEADS"]), current_app.config["AUDIT_KEY"])


def _needs_seal(session: Session) -> bool:
    """Return whether an earlier version recorded the heads and no row has sealed them yet."""
    if not begins_unkeyed(Path(current_app.config["AUDIT_HEADS"])):
        return False
    sealing = select(AuditEvent.seq).where(AuditEvent.action.in_((SEAL, chain.BEGIN))).limit(1)
    return session.scalar(sealing) is None


def _seal_entry() -> dict[str, Any]:
    empty = {"object_type": "", "object_key": "", "result": "ok", "detail": "{}"}
    return {**SYSTEM_ACTOR, "action": SEAL, **empty}


# -- while the key does not fit ----------------------------------------------------------------


def deferred_path() -> Path:
    """Return the file in which lines wait for the chain, beside the heads."""
    return Path(current_app.config["AUDIT_HEADS"]).with_name("audit-deferred.log")


def defer(session: Session, touched: set[str], entries: list[dict[str, Any]]) -> None:
    """Store the lines of exempt actions for later. Raises AuditSuspended for everything else."""
    if touched - EXEMPT_TABLES:
        raise AuditSuspended
    at = iso_utc(clock.now())
    for entry in entries:
        obj = entry.pop("object")
        entry["object_key"] = entry["object_key"] or _object_key(obj)
        entry["at"] = at
        log.warning(
            "audit line deferred",
            extra={"action": entry["action"], "person": entry["actor_id"]},
        )
    if entries:
        deferred.append_lines(deferred_path(), entries)


def _deferred_entries(session: Session) -> tuple[list[dict[str, Any]], int]:
    """Return the deferred lines as entries, and the size that can be dropped after the commit.

    Lines already in the chain are skipped: an earlier drop was interrupted.
    """
    lines, size = deferred.pending_lines(deferred_path())
    if not lines:
        return [], size
    for line in lines:
        line["at"] = datetime.fromisoformat(line["at"])
        line["detail"] = _with_deferred(line["detail"])
    query = select(AuditEvent.at, AuditEvent.action, AuditEvent.object_key).where(
        AuditEvent.at.in_({line["at"] for line in lines})
    )
    existing = {tuple(row) for row in session.execute(query)}
    new = [x for x in lines if (x["at"], x["action"], x["object_key"]) not in existing]
    return new, size


def _with_deferred(detail: str) -> str:
    return json.dumps({**json.loads(detail), "deferred": True}, ensure_ascii=False, sort_keys=True)
