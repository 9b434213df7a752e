"""Table of stored files. The original name is data, never a path."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from lab import clock
from lab.db import Keyed, UtcDateTime
from lab.extensions import Model


class StoredFile(Keyed, Model):
    """One uploaded file: name as given, size in bytes, SHA-256 and random storage name."""

    __tablename__ = "stored_file"

    name: Mapped[str] = mapped_column(String(200))
    extension: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    storage_name: Mapped[str] = mapped_column(String(64), unique=True)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
