"""The table of unrecorded formality checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.db import HasId, JsonText, UtcDateTime, Versioned
from lab.extensions import Model
from lab.identity.models.account import Person


class CheckDraft(HasId, Versioned, Model):
    """What clerks have typed so far on one submission; all clerks of the office share it.

    `submission` is the number of the submitted version. `content` is {control: [what stands in
    it]}, as typed.
    """

    __tablename__ = "check_draft"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), unique=True
    )
    submission: Mapped[int] = mapped_column(Integer)
    content: Mapped[Mapping[str, Sequence[str]]] = mapped_column(JsonText())
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship()
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
