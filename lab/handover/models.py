"""Tables of handovers: who handed over what from whom to whom, when and why. Append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.db import HasId, HasKey, UtcDateTime
from lab.extensions import Model
from lab.identity.models.account import Person

REASON_LIMIT = 300


class Handover(HasKey, Model):
    """One handover. `number` counts those of the giver: a page that shows an older one is stale."""

    __tablename__ = "handover"
    __table_args__ = (
        UniqueConstraint("giver_id", "number"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    giver: Mapped[Person] = relationship(foreign_keys=[giver_id])
    number: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(REASON_LIMIT))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    items: Mapped[list[HandoverItem]] = relationship(order_by="HandoverItem.id")


class HandoverItem(HasId, Model):
    """One thing of a handover, named as of then; without receiver it was withdrawn.

    `kind` is the code of the kind, `object_key` the key of the thing.
    """

    __tablename__ = "handover_item"

    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    object_key: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    receiver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    receiver: Mapped[str] = mapped_column(String(120), default="")
