"""Queries of the audit log."""

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
class AuditLine:
    """One line of the log as shown; `at` in UTC, all codes as labels."""

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
class AuditFilter:
    """The filter of the page; days are Beijing days, both inclusive, None for no bound."""

    actor: str = ""
    action: str = ""
    object_key: str = ""
    first: date | None = None
    last: date | None = None


TONES = {"ok": "green", "denied": "red", "failed": "yellow"}


def _read(row: AuditEvent) -> AuditLine:
    return AuditLine(
        seq=row.seq,
        at=row.at,
        actor=row.actor_name,
        address=row.address,
        action=labels.action_label(row.action),
        object=labels.object_label(row.object_type),
        object_key=row.object_key,
        result=labels.RESULT_LABELS.get(row.result, row.result),
        result_tone=TONES.get(row.result, "grey"),
        facts=labels.format_facts(row.detail.parsed()),
    )


def _filtered(query: Select[tuple[AuditEvent]], criteria: AuditFilter) -> Select[tuple[AuditEvent]]:
    if criteria.actor:
        query = query.where(AuditEvent.actor_name.contains(criteria.actor, autoescape=True))
    if criteria.action:
        query = query.where(AuditEvent.action == criteria.action)
    if criteria.object_key:
        query = query.where(AuditEvent.object_key == criteria.object_key)
    if criteria.first:
        begin = datetime.combine(criteria.first, time.min, clock.BEIJING)
        query = query.where(AuditEvent.at >= begin)
    if criteria.last:
        query = query.where(AuditEvent.at <= clock.end_of_day(criteria.last))
    return query


def list_lines(criteria: AuditFilter, args: Mapping[str, str], *, size: int = 50) -> Page:
    """Return a page of the log as AuditLine, newest first; `args` hold the paging cursor."""
    query = _filtered(select(AuditEvent), criteria)
    page = paginate(query, (AuditEvent.seq.desc(),), args, session=db.session(), size=size)
    return page.map(_read)


def action_choices() -> list[tuple[str, str]]:
    """Return (code, label) of every action, sorted by label."""
    return sorted(registry().audit_labels.actions.items(), key=lambda pair: pair[::-1])
