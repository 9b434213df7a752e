"""Tables of search and similarity.

All of them are derived from the proposals and can be rebuilt; they are no records themselves.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from lab.db import HasId, UtcDateTime, one_of
from lab.extensions import Model

ALL, OWN, OTHERS = "all", "own", "others"
# An entry's id tells proposal and audience, so that a hit can be judged without reading the entry.
AUDIENCES = (ALL, OWN, OTHERS)
BITS, MASK = 2, 3


def entry_id(proposal_id: int, audience: str) -> int:
    """Return the entry's id; newer proposals have higher ones."""
    return (proposal_id << BITS) + AUDIENCES.index(audience)


class SearchEntry(Model):
    """The searchable text of a proposal for one audience.

    `audience`: own (owner, leader, members: the current text), others (the text last submitted), or
    all where both are equal. The id is that of `entry_id`.
    """

    __tablename__ = "search_entry"
    __table_args__ = (one_of("audience", AUDIENCES),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    audience: Mapped[str] = mapped_column(String(6))
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(50))
    unit: Mapped[str] = mapped_column(String(130))
    people: Mapped[str] = mapped_column(Text)
    abstract: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)


class SimilarRun(Model):
    """Whether a proposal was compared with earlier ones, and which of its texts.

    `compared` is the fingerprint of title and abstract at that time, "" before the first
    comparison; `waiting`: a comparison is queued.
    """

    __tablename__ = "similar_run"
    __table_args__ = (
        CheckConstraint("compared = '' OR compared_at IS NOT NULL", name="compared_evidence"),
    )

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    waiting: Mapped[bool] = mapped_column(Boolean)
    compared: Mapped[str] = mapped_column(String(64), default="")
    compared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SimilarPair(HasId, Model):
    """A similar earlier proposal: similarity in percent (title, text), longest shared passage."""

    __tablename__ = "similar_pair"
    __table_args__ = (
        UniqueConstraint("proposal_id", "other_id"),
        CheckConstraint(
            "title_percent BETWEEN 0 AND 100 AND text_percent BETWEEN 0 AND 100", name="percents"
        ),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    title_percent: Mapped[int] = mapped_column(Integer)
    text_percent: Mapped[int] = mapped_column(Integer)
    stretch: Mapped[str] = mapped_column(Text)
