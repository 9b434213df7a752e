"""Tables of issued reports and of proposal documents."""

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
    """A report: frozen data, hash of the data, hash of the file. Reprints use this row.

    For the batch `call_id`, or for all batches when that is NULL.
    """

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
    """A printable document of a submitted version.

    The proposal with signature fields, the receipt, or the review copy.

    Rendered from `snapshot` once; later downloads get the stored file.
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
