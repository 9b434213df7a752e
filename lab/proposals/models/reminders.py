"""Tables of what passes between applicants and office around a proposal: reminders of a call,
and withdrawals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from lab import clock
from lab.db import HasId, UtcDateTime, one_of
from lab.extensions import Model

REMINDER_KINDS = {"nothing": "还没有申报", "unfinished": "草稿未提交"}


class CallReminder(HasId, Model):
    """A reminder to a unit about a call: at most one per Beijing day.

    `notified`: number of people notified.
    """

    __tablename__ = "call_reminder"
    __table_args__ = (
        one_of("kind", tuple(REMINDER_KINDS)),
        CheckConstraint("told > 0", name="somebody_told"),
        UniqueConstraint("call_id", "unit_id", "day"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(10))
    notified: Mapped[int] = mapped_column("told", Integer)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
