"""Reads of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Select, select

from lab import clock
from lab.audit import labels
from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.feature import registry
from lab.web.pages.pagination import Page, paginate


@dataclass(frozen=True)
class Line:
    """One line of the log as shown; `at` in UTC, all codes in words."""

    seq: int
    at: datetime
    actor: str
    address: str
    action: str
    object: str
    object_key: str
    result: str
    result_tone: str
    facts: str


@dataclass(frozen=True)
class Wanted:
    """What the page asks for; days are Beijing days, both included, None for no bound."""

    actor: str = ""
    action: str = ""
    object_key: str = ""
    first: date | None = None
    last: date | None = None


TONES = {"ok": "green", "denied": "red", "failed": "yellow"}


def _read(row: AuditEvent) -> Line:
    return Line(
        seq=row.seq,
        at=row.at,
        actor=row.actor_name,
        address=row.address,
        action=labels.action_label(row.action),
        object=labels.object_label(row.object_type),
        object_key=row.object_key,
        result=labels.RESULTS.get(row.result, row.result),
        result_tone=TONES.get(row.result, "grey"),
        facts=labels.format_facts(row.detail),
    )


def _filtered(query: Select[tuple[AuditEvent]], wanted: Wanted) -> Select[tuple[AuditEvent]]:
    if wanted.actor:
        query = query.where(AuditEvent.actor_name.contains(wanted.actor, autoescape=True))
    if wanted.action:
        query = query.where(AuditEvent.action == wanted.action)
    if wanted.object_key:
        query = query.where(AuditEvent.object_key == wanted.object_key)
    if wanted.first:
        begin = datetime.combine(wanted.first, time.min, clock.BEIJING)
        query = query.where(AuditEvent.at >= begin)
    if wanted.last:
        query = query.where(AuditEvent.at <= clock.end_of_day(wanted.last))
    return query


def list_lines(wanted: Wanted, args: Mapping[str, str], *, size: int = 50) -> Page:
    """A page of the log as Line, newest first; `args` hold the paging cursor."""
    query = _filtered(select(AuditEvent), wanted)
    page = paginate(query, (AuditEvent.seq.desc(),), args, session=db.session(), size=size)
    return page.map(_read)


def action_choices() -> list[tuple[str, str]]:
    """(code, label) of every act, by label."""
    return sorted(registry().audit_labels.actions.items(), key=lambda pair: pair[::-1])
