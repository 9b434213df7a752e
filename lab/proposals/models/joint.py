"""Tables of a joint application and of its budget. Money in 分."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.canonical import JsonString
from lab.db import (
    FrozenJson,
    HasId,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    in_state,
    status_check,
    unless_in,
)
from lab.extensions import Model
from lab.identity.models.account import Person, Unit
from lab.proposals.rules.joint.lifecycle import (
    ANSWERED,
    CLOSED,
    CONFIRMATION,
    ConfirmationStatus,
)
from lab.workflow import StateMachine

_OPEN = in_state(ConfirmationStatus.ASKED)


class JointConfirmation(HasId, Versioned, Stateful, Model):
    """A request to the partner unit to confirm a proposal, and the answer.

    `person_id` is who is asked; None: whoever of the unit answers first, whose id it then holds.
    `content` is the canonical JSON that was asked about ("" of one that came by mail, which does
    not change), and then that was answered, without number, call and the confirmation's own parts;
    `fingerprint` is the SHA-256 of what was answered; `opinion` the unit's opinion, `reason` why
    the draft was sent back. `reminded_at` is when the silent partner was last reminded.
    """

    __tablename__ = "joint_confirmation"
    machine: ClassVar[StateMachine] = CONFIRMATION
    __table_args__ = (
        status_check(CONFIRMATION),
        evidence_check("answered", CLOSED, "answered_at"),
        evidence_check("read", ANSWERED, "fingerprint", "person_id"),
        CheckConstraint(
            f"{unless_in(ConfirmationStatus.ASKED)}"
            " OR (answered_at IS NULL AND fingerprint IS NULL)",
            name="asked_is_open",
        ),
        CheckConstraint(
            f"{unless_in(ConfirmationStatus.CONFIRMED)} OR (opinion <> '' AND content <> '')",
            name="opinion_given",
        ),
        CheckConstraint(
            f"{unless_in(ConfirmationStatus.RETURNED)} OR (reason <> '' AND content <> '')",
            name="reason_given",
        ),
        Index(
            "ix_joint_confirmation_open",
            "proposal_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit: Mapped[Unit] = relationship()
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opinion: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    # Bound to the answer by its fingerprint.
    content: Mapped[JsonString] = mapped_column(FrozenJson, default=JsonString())
    fingerprint: Mapped[str | None] = mapped_column(String(64))


class ProposalBudgetRow(HasId, Model):
    """One budget item: amount and source of the money."""

    __tablename__ = "proposal_budget_row"
    __table_args__ = (CheckConstraint("amount_fen >= 0", name="amount_not_negative"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    item: Mapped[str] = mapped_column(String(40))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(String(100), default="")
