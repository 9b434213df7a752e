"""Tables of posts. Helps of the browser, no records: no audit line, purged on schedule."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lab import clock
from lab.db import HasId, UtcDateTime
from lab.extensions import Model


class KeptPage(HasId, Model):
    """The page that answered a post, for the browser that posted it.

    `key_hash` and `browser_hash` are SHA-256 of what only the address and the browser's cookie
    hold; `person_id` is who was signed in, None for nobody. `sealed` is the encrypted page, "" once
    it is gone. `once`: shown a single time; `again` then says why it is not shown any more ("" for
    a page whose plain address shows the same), `back` where to go on.
    """

    __tablename__ = "kept_page"

    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    status: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[str] = mapped_column(Text)
    once: Mapped[bool] = mapped_column(default=False)
    again: Mapped[str] = mapped_column(String(200), default="")
    back: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class FinishedPost(HasId, Model):
    """A post of a form that creates something, and where its answer led.

    `digest` is of the form's random key and all that was sent with it.
    """

    __tablename__ = "finished_post"
    __table_args__ = (UniqueConstraint("person_id", "digest"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
