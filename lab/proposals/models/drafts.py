"""Snapshots of a draft's texts during the last hour.

A writing aid, not a record: no audit line of its own, purged on schedule.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab.canonical import JsonString
from lab.db import FrozenJson, HasId, UtcDateTime
from lab.extensions import Model
from lab.identity.models.account import Person


class ProposalDraftSnapshot(HasId, Model):
    """A draft's text before a save.

    `content` is JSON of every form field except files, with the invalid input; `saved_at` is when
    that text was saved, `at` when `person` overwrote it.
    """

    __tablename__ = "proposal_draft_snapshot"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship()
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # Dates and decimals stand in it as texts; `writing.restoring.queries` reads them back.
    content: Mapped[JsonString] = mapped_column(FrozenJson)
