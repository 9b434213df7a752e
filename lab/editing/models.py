"""The table of open editor tabs.

A writing aid, not a record: no audit line, purged on schedule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint, literal
from sqlalchemy.orm import Mapped, mapped_column

from lab import clock
from lab.db import HasId, JsonText, UtcDateTime
from lab.extensions import Model

Pairs = Sequence[Sequence[str]]
TYPED = JsonText(blank=True)
InvalidInput = Mapping[str, Any]  # field -> what was typed and did not pass the check
INVALID_INPUT = JsonText(sort_keys=True)  # the column of a row that keeps it


class EditorTabState(HasId, Model):
    """A page open on a form: who sits at it, last seen when, and its newest save.

    `form_path` is the path that the form is sent to; `tab` the page's random name, "" without
    scripts. `number` is the highest number of a save of this page that was accepted, and only
    rises; that save led from `base_version` of the document to `saved_version`. `typed` holds
    [name, text] pairs that stand nowhere else yet, None for none; `typed_version` the version of
    the document that they were typed over.
    """

    __tablename__ = "editor_tab"
    __table_args__ = (UniqueConstraint("place", "person_id", "tab"),)

    form_path: Mapped[str] = mapped_column("place", String(160))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    tab: Mapped[str] = mapped_column(String(32), default="")
    number: Mapped[int] = mapped_column(Integer, default=0)
    base_version: Mapped[int] = mapped_column(Integer, default=0)
    saved_version: Mapped[int] = mapped_column(Integer, default=0)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    typed: Mapped[Pairs | None] = mapped_column(TYPED, nullable=False, default=lambda: None)
    typed_version: Mapped[int | None] = mapped_column(Integer)
    typed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


HAS_DRAFT = EditorTabState.typed != literal("", Text)  # a tab in which something typed waits
