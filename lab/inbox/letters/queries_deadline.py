"""By when letters must go out: what the outbox's to-dos count and its list is narrowed to.

Office rule: a letter is sent by the working day after the one on which it was drafted, because
applicants learn an outcome from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, case, func, select

from lab import clock
from lab.extensions import db
from lab.inbox.letters.access import outbox_condition
from lab.inbox.models.letters import Letter
from lab.inbox.rules.lifecycle import LetterStatus
from lab.policy import Actor
from lab.workdays import queries as workdays

DUE, AHEAD = "due", "ahead"  # values of `deadline` in an address
DEADLINES = {DUE: "今日应发出或已逾期", AHEAD: "以后到期"}


@dataclass(frozen=True)
class Waiting:
    """How many letters wait to be sent: those whose last day has come, and the others.

    `due_on` is the earliest last day of the former, None without any.
    """

    due: int
    ahead: int
    due_on: date | None


def deadline_condition(deadline: str) -> ColumnElement[bool]:
    """Return the SQL condition of drafts whose last day to be sent has come, or has not."""
    is_due = _is_due()
    is_draft = Letter.status == LetterStatus.DRAFT
    return and_(is_draft, is_due if deadline == DUE else ~is_due)


def _is_due() -> ColumnElement[bool]:
    since = clock.latest_working_day(clock.today(), workdays.office_calendar())
    midnight = clock.from_beijing(datetime.combine(since, time.min))
    return Letter.drafted_at < midnight


def waiting_letters(actor: Actor) -> Waiting:
    """Return the numbers of drafts in the actor's outbox, each letter in one of them."""
    is_due = _is_due()
    total, due, first = db.session.execute(
        select(
            func.count(),
            func.count(case((is_due, Letter.id))),
            func.min(case((is_due, Letter.drafted_at))),
        ).where(outbox_condition(actor), Letter.status == LetterStatus.DRAFT)
    ).one()
    return Waiting(due, total - due, _last_day(first) if first else None)


def _last_day(drafted_at: datetime) -> date:
    return workdays.count_working_days(clock.beijing(drafted_at).date(), 1).day
