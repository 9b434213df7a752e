"""Table of jobs. A row is written in the same transaction as its cause."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lab import clock
from lab.db import Keyed, UtcDateTime, one_of
from lab.extensions import Model

JOB_STATES = ("queued", "running", "done", "failed")


class Job(Keyed, Model):
    """One piece of work: its kind, arguments as JSON, and where it stands."""

    __tablename__ = "job"
    __table_args__ = (one_of("state", JOB_STATES), Index("ix_job_due", "state", "due_at"))

    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[str] = mapped_column(Text, default="{}")
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(String(300), default="")
