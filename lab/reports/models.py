"""Tables of issued reports and of papers of proposals."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab.canonical import JsonString
from lab.db import FrozenJson, HasKey, UtcDateTime, one_of
from lab.extensions import Model
from lab.files.models import RenderedFile, rendered_checks
from lab.identity.models.account import Person
from lab.proposals.models.proposal import ProposalVersion
from lab.reports.rules.lifecycle import PROPOSAL_DOCUMENT, REPORT
from lab.workflow import StateMachine


class Report(HasKey, RenderedFile, Model):
    """A report: its frozen data, the data's hash, the file's hash. Reprinting reads this row.

    Of the batch `call_id`, or of all batches when that is NULL."""

    __tablename__ = "report"
    machine: ClassVar[StateMachine] = REPORT
    __table_args__ = (
        *rendered_checks(REPORT),
        UniqueConstraint("number"),
    )

    number: Mapped[str] = mapped_column(String(20))
    tier: Mapped[str] = mapped_column(String(10), default="leading")
    title: Mapped[str] = mapped_column(String(80))
    cutoff: Mapped[date] = mapped_column(Date)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    # `data_hash` is computed over what it says; a reprint reads it byte for byte.
    snapshot: Mapped[JsonString] = mapped_column(FrozenJson)
    data_hash: Mapped[str] = mapped_column(String(64), index=True)
    has_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_by: Mapped[Person] = relationship()
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))


class Paper(HasKey, RenderedFile, Model):
    """A submitted version on paper: the proposal with places for signatures, the receipt,
    or the copy of what reviewers see.

    Printed from `snapshot` once; whoever takes it again gets the stored file.
    """

    __tablename__ = "paper"
    machine: ClassVar[StateMachine] = PROPOSAL_DOCUMENT
    __table_args__ = (
        *rendered_checks(PROPOSAL_DOCUMENT),
        one_of("kind", ("proposal", "receipt", "review")),
        UniqueConstraint("proposal_version_id", "kind"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    proposal_version_id: Mapped[int] = mapped_column(ForeignKey("proposal_version.id"))
    proposal_version: Mapped[ProposalVersion] = relationship()
    # A reprint reads it byte for byte.
    snapshot: Mapped[JsonString] = mapped_column(FrozenJson)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    file_hash: Mapped[str | None] = mapped_column(String(64), index=True)
