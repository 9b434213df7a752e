"""Tables of review. Scores in hundredths of a point."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.calls.models.call import Criterion
from lab.canonical import JsonString
from lab.db import (
    FrozenJson,
    HasId,
    HasKey,
    Hundredths,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    one_of,
    status_check,
)
from lab.editing.models import INVALID_INPUT, InvalidInput
from lab.extensions import Model
from lab.identity.models.account import Person
from lab.proposals.models.proposal import Proposal
from lab.reviews.rules.lifecycle import CLOSED, SHEET, SheetStatus
from lab.reviews.rules.recommendations import Recommendation
from lab.workflow import StateMachine


class ScoreSheet(HasKey, Versioned, Stateful, Model):
    """The assignment of one reviewer to one proposal, and the sheet that comes of it.

    `invalid_input` is {field: what was typed} of what could not be read.
    """

    __tablename__ = "score_sheet"
    machine: ClassVar[StateMachine] = SHEET
    __table_args__ = (
        status_check(SHEET),
        evidence_check("submitted", (SheetStatus.SUBMITTED,), "submitted_at"),
        evidence_check("returned", (SheetStatus.RETURNED,), "return_reason"),
        evidence_check("closed", CLOSED, "closed_reason"),
        one_of("recommendation", tuple(Recommendation)),
        UniqueConstraint("proposal_id", "reviewer_id"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    proposal: Mapped[Proposal] = relationship()
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reviewer: Mapped[Person] = relationship(foreign_keys=[reviewer_id])
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    proposal_version: Mapped[int] = mapped_column(Integer)
    recommendation: Mapped[str | None] = mapped_column(String(8))
    strengths: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    invalid_input: Mapped[InvalidInput] = mapped_column("leftovers", INVALID_INPUT, default=dict)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    return_reason: Mapped[str | None] = mapped_column(Text)
    closed_reason: Mapped[str | None] = mapped_column(Text)
    items: Mapped[list[ScoreItem]] = relationship(cascade="all, delete-orphan")


class ScoreItem(HasId, Model):
    """The score for one criterion, None until given, and its comment."""

    __tablename__ = "score_item"
    __table_args__ = (UniqueConstraint("sheet_id", "criterion_id"),)

    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    criterion: Mapped[Criterion] = relationship()
    score: Mapped[Decimal | None] = mapped_column(Hundredths)
    comment: Mapped[str] = mapped_column(Text, default="")


class Pledge(HasId, Model):
    """A reviewer's pledge for one call: once per round, with the fingerprint of its text."""

    __tablename__ = "pledge"
    __table_args__ = (UniqueConstraint("call_id", "reviewer_id"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text_fingerprint: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Recusal(HasId, Model):
    """A conflict of interest between a person and a proposal; it outlives the assignment."""

    __tablename__ = "recusal"
    __table_args__ = (
        UniqueConstraint("proposal_id", "reviewer_id"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300))
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SheetHistory(HasId, Model):
    """A sheet as it was when it was returned, as canonical JSON."""

    __tablename__ = "sheet_history"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id"), index=True)
    # A record of what was submitted; nothing reads it but people, and it must stay as it was.
    content: Mapped[JsonString] = mapped_column(FrozenJson)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class RankingResult(HasId, Model):
    """The ranking computed when review closed, frozen as canonical JSON with its fingerprint."""

    __tablename__ = "ranking_result"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    # `fingerprint` is that of this text.
    content: Mapped[JsonString] = mapped_column(FrozenJson)
    fingerprint: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)
