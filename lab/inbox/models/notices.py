"""Table of in-portal notices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lab import clock
from lab.db import HasKey, UtcDateTime
from lab.extensions import Model


class Notice(HasKey, Model):
    """One notice to one person.

    `about_kind`, `about_key` and `about_part` are what it is about (see lab.web.links), "" for
    nothing. `address` is a path that an earlier version stored and migration 0031 could not read
    as one of these; "" in every other row.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_person", "person_id", "read_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(String(400))
    about_kind: Mapped[str] = mapped_column(String(40), default="")
    about_key: Mapped[str] = mapped_column(String(12), default="")
    about_part: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
