"""Dated texts that supplement a published project's report."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab.db import HasId, UtcDateTime
from lab.extensions import Model
from lab.identity.models.account import Person


class ProjectSupplement(HasId, Model):
    """One supplement to the four parts of a published project's account.

    Append-only, the newest one is shown.
    """

    __tablename__ = "project_supplement"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    background: Mapped[str] = mapped_column(Text, default="")
    mode: Mapped[str] = mapped_column(Text, default="")
    practice: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_by: Mapped[Person] = relationship()
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
