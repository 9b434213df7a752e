"""Tables around the writing of a proposal: who is at which step, and the texts of the last hour.

Helps for writing, not records: they carry no audit line of their own and are pruned by the clock.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.db import Numbered, UtcDateTime
from lab.extensions import Model
from lab.identity.models import Person


class ProposalPresence(Numbered, Model):
    """A person at a step of a proposal: last seen when, and the last save from there.

    `tab` is the random name of the page that saved, `number` counts its saves; the save led from
    `base_version` of the proposal to `saved_version`.
    """

    __tablename__ = "proposal_presence"
    __table_args__ = (UniqueConstraint("proposal_id", "person_id", "step"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    step: Mapped[str] = mapped_column(String(12))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    tab: Mapped[str] = mapped_column(String(32), default="")
    number: Mapped[int] = mapped_column(Integer, default=0)
    base_version: Mapped[int] = mapped_column(Integer, default=0)
    saved_version: Mapped[int] = mapped_column(Integer, default=0)


class ProposalDraftSnapshot(Numbered, Model):
    """The text of a draft as it stood before a save.

    `content` is JSON of every field of the form, files apart, with what had not passed the check;
    `saved_at` is when that text was saved, `at` when `person` wrote over it.
    """

    __tablename__ = "proposal_draft_snapshot"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship()
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    content: Mapped[str] = mapped_column(Text)
