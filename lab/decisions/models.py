"""The tables of decisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab.calls.models.call import Call
from lab.db import (
    HasId,
    HasKey,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    one_of,
    status_check,
)
from lab.decisions.rules.lifecycle import (
    DECIDED,
    DECISION,
    EVER_SUBMITTED,
    DecisionStatus,
)
from lab.decisions.rules.office_marks import Mark
from lab.extensions import Model
from lab.identity.models.account import Person
from lab.proposals.models.proposal import Proposal
from lab.workflow import StateMachine


class Decision(HasKey, Versioned, Stateful, Model):
    """A call's list: proposed by the office, approved by the leading group."""

    __tablename__ = "decision"
    machine: ClassVar[StateMachine] = DECISION
    __table_args__ = (
        status_check(DECISION),
        evidence_check("proposed", EVER_SUBMITTED, "proposed_by_id", "proposed_at"),
        evidence_check("sent_back", (DecisionStatus.SENT_BACK,), "note"),
        evidence_check("decided", DECIDED, "decided_by_id", "decided_at"),
        evidence_check(
            "published",
            (DecisionStatus.PUBLISHED,),
            "published_at",
            "notice_starts_on",
            "notice_ends_on",
        ),
        UniqueConstraint("call_id"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    call: Mapped[Call] = relationship()
    ranking_number: Mapped[int] = mapped_column(Integer)
    explanation: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_by: Mapped[Person | None] = relationship(foreign_keys=[proposed_by_id])
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notice_starts_on: Mapped[date | None] = mapped_column(Date)
    notice_ends_on: Mapped[date | None] = mapped_column(Date)
    items: Mapped[list[DecisionItem]] = relationship(
        order_by="DecisionItem.position", cascade="all, delete-orphan"
    )


class DecisionItem(HasId, Model):
    """A mark on one proposal; one that deviates from the ranking carries its reason."""

    __tablename__ = "decision_item"
    __table_args__ = (
        one_of("mark", tuple(Mark)),
        UniqueConstraint("decision_id", "proposal_id"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    proposal: Mapped[Proposal] = relationship()
    position: Mapped[int] = mapped_column(Integer)
    mark: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")


class DecisionAction(HasId, Model):
    """An action on a decision, append-only: what was done, the state after it, by whom and why.

    `reason` is NULL where it was overwritten before actions were recorded; `origin`: act, log (from
    the audit log) or assumed (from the decision itself).
    """

    __tablename__ = "decision_act"
    __table_args__ = (
        one_of("act", ("submit", "send_back", "approve", "publish")),
        one_of("origin", ("act", "log", "assumed")),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    action: Mapped[str] = mapped_column("act", String(12))
    status: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    origin: Mapped[str] = mapped_column(String(10), default="act")
