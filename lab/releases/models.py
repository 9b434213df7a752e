"""The table of release requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.canonical import JsonString
from lab.db import (
    FrozenJson,
    HasKey,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    in_state,
    status_check,
    unless_in,
)
from lab.extensions import Model
from lab.identity.models.account import Person
from lab.releases.rules.lifecycle import CALLED_OFF, DECIDED, ENDED, RELEASE, ReleaseStatus
from lab.workflow import StateMachine

_PENDING = in_state(ReleaseStatus.PENDING)


class Release(HasKey, Versioned, Stateful, Model):
    """A requested action, and the second person's decision.

    `object_type` and `object_key` name the target, `object_name` its name for people, `concerned`
    the person affected. `account_level` is the policy's word for the kind of object. `before` and
    `after` are frozen JSON: the facts at the time of the request, and what is to be done.
    `operator` carried it out at the server's shell; then there may be no requester.
    """

    __tablename__ = "release_request"
    machine: ClassVar[StateMachine] = RELEASE
    __table_args__ = (
        status_check(RELEASE),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("asked_by_id IS NOT NULL OR operator <> ''", name="somebody_asked"),
        evidence_check("ended", ENDED, "decided_at"),
        evidence_check("decided", CALLED_OFF, "decided_by_id"),
        CheckConstraint(
            f"{unless_in(ReleaseStatus.DONE)} OR decided_by_id IS NOT NULL OR operator <> ''",
            name="somebody_agreed",
        ),
        CheckConstraint(f"{unless_in(ReleaseStatus.REFUSED)} OR answer <> ''", name="answer_given"),
        CheckConstraint(
            f"{unless_in(*DECIDED)} OR decided_by_id <> asked_by_id",
            name="second_person",
        ),
        CheckConstraint(
            f"{unless_in(*DECIDED)} OR decided_by_id <> concerned_id",
            name="not_the_concerned",
        ),
        Index(
            "uq_release_request_pending",
            *("act", "object_type", "object_key"),
            unique=True,
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
        Index("ix_release_request_status", "status", "due_at"),
    )

    action_code: Mapped[str] = mapped_column("act", String(32))
    object_type: Mapped[str] = mapped_column(String(24))
    object_key: Mapped[str] = mapped_column(String(40))
    object_name: Mapped[str] = mapped_column(String(120))
    account_level: Mapped[str] = mapped_column("standing", String(24), default="")
    concerned_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    concerned: Mapped[Person | None] = relationship(foreign_keys=[concerned_id])
    # At the release, `before` is compared with the facts as they are then, as texts.
    before_json: Mapped[JsonString] = mapped_column("before", FrozenJson)
    after_json: Mapped[JsonString] = mapped_column("after", FrozenJson)
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    operator: Mapped[str] = mapped_column(String(40), default="")

    @property
    def before(self) -> dict[str, Any]:
        """The facts at the time of the request."""
        facts: dict[str, Any] = self.before_json.parsed()
        return facts

    @property
    def after(self) -> dict[str, Any]:
        """What is to be done."""
        facts: dict[str, Any] = self.after_json.parsed()
        return facts
