"""Table of heartbeats: one row per kind of process and machine."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lab.db import HasId, UtcDateTime, one_of
from lab.extensions import Model
from lab.nodes.rules import HOST_LENGTH, KINDS


class Heartbeat(HasId, Model):
    """When a kind of process was last seen, by the database's own clock.

    `number` is the random number in the process's instance folder, `host` its machine, `boot` the
    machine's kernel boot id.
    """

    __tablename__ = "heartbeat"
    __table_args__ = (one_of("kind", KINDS), UniqueConstraint("number", "host", "kind"))

    number: Mapped[str] = mapped_column(String(32))
    host: Mapped[str] = mapped_column(String(HOST_LENGTH))
    boot: Mapped[str] = mapped_column(String(36), default="")
    kind: Mapped[str] = mapped_column(String(10))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
