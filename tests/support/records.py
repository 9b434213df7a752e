"""What the services have written down: notices, lines of the audit log."""

from __future__ import annotations

from sqlalchemy import select

from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.inbox.models.notices import Notice


def notices_of(person_id: int) -> list[str]:
    """The texts of a person's notices, oldest first."""
    query = select(Notice.text).where(Notice.person_id == person_id).order_by(Notice.id)
    return list(db.session.scalars(query))


def audit_lines(action: str) -> list[AuditEvent]:
    """The lines of the audit log about an action, oldest first."""
    query = select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.seq)
    return list(db.session.scalars(query))


def newest_action() -> str | None:
    """The action of the last line of the audit log."""
    return db.session.scalar(select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(1))
