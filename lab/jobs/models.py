"""Table of jobs. A row is written in the same transaction as its cause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from lab import clock
from lab.db import HasKey, JsonText, UtcDateTime, one_of
from lab.extensions import Model

# Each lane has a thread of its own in a worker: who waits for a mail server delays no document.
WORK, MAIL = LANES = ("work", "mail")


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


class Job(HasKey, Model):
    """One piece of work: its kind, arguments, and where it stands.

    `asked_by_id` is the person whose request it answers; None for work of the portal's own.
    """

    __tablename__ = "job"
    __table_args__ = (
        one_of("state", tuple(JobState)),
        one_of("lane", LANES),
        Index("ix_job_due", "state", "due_at"),
        Index("ix_job_asked_by", "asked_by_id", "state"),
    )

    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[Mapping[str, Any]] = mapped_column(JsonText(ensure_ascii=False), default=dict)
    lane: Mapped[str] = mapped_column(String(10), default=WORK)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(10), default=JobState.QUEUED.value)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(String(300), default="")
