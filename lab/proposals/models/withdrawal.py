"""Requests to withdraw a proposal."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.db import (
    HasId,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    in_state,
    one_of,
    status_check,
    unless_in,
)
from lab.extensions import Model
from lab.identity.models.account import Person
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.withdrawal import ANSWERED, CLOSED, KINDS, WITHDRAWAL, WithdrawalStatus
from lab.workflow import StateMachine


class ProposalWithdrawal(Versioned, HasId, Stateful, Model):
    """A withdrawal: the applicants' own, their request with the office's answer, or the office's.

    `reused_as` is the new draft created from the withdrawn text.
    """

    __tablename__ = "proposal_withdrawal"
    machine: ClassVar[StateMachine] = WITHDRAWAL
    __table_args__ = (
        status_check(WITHDRAWAL),
        one_of("kind", tuple(KINDS)),
        CheckConstraint("kind = 'own' OR reason <> ''", name="reason_given"),
        CheckConstraint(f"{unless_in(*ANSWERED)} OR answer <> ''", name="answer_given"),
        evidence_check("decided", CLOSED, "decided_by_id", "decided_at"),
        Index(
            "uq_proposal_withdrawal_asked",
            "proposal_id",
            unique=True,
            sqlite_where=in_state(WithdrawalStatus.ASKED),
            postgresql_where=in_state(WithdrawalStatus.ASKED),
        ),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    proposal: Mapped[Proposal] = relationship(foreign_keys=[proposal_id])
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    answer: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_up_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id", ondelete="SET NULL"))
    reused_as: Mapped[Proposal | None] = relationship(foreign_keys=[taken_up_id])
