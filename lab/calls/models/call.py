"""Tables of calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab.calls.rules.check_items import DEFAULT, Plain, to_plain
from lab.calls.rules.eligibility import ANY_SIDE, APPLICANT_SIDES, JOINT_RULES, NORMAL
from lab.calls.rules.lifecycle import (
    CALL,
    PUBLIC,
    SINCE_CLOSING,
    SINCE_RESULT,
    SINCE_REVIEW,
    CallStatus,
)
from lab.canonical import JsonString
from lab.db import (
    CanonicalJson,
    FrozenJson,
    HasId,
    HasKey,
    HasProvenance,
    Hundredths,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    one_of,
    status_check,
)
from lab.extensions import Model
from lab.files.models import StoredFile
from lab.workflow import StateMachine

DIRECTIONS = ("benefit", "cost", "info")
DIRECTION_LABELS = {"benefit": "越高越好", "cost": "越低越好", "info": "仅展示不计分"}


class Call(HasKey, Versioned, HasProvenance, Stateful, Model):
    """A call for projects. `received_text` and `approved_stated` carry published figures of
    which only the wording is known (近20个). Who may apply: the side of the lead unit, whether a
    joint application is asked for, and at most how many proposals of a unit (None: no limit).
    `check_items` is what its formality check looks at (see `rules.check_items`)."""

    __tablename__ = "call"
    machine: ClassVar[StateMachine] = CALL
    published_columns: ClassVar[frozenset[str]] = frozenset(
        {
            *("year", "batch", "title", "notice_text", "places", "month_text"),
            *("received_text", "approved_stated", "source_label", "is_demo"),
        }
    )
    __table_args__ = (
        status_check(CALL),
        evidence_check("published", PUBLIC, "published_at", or_source=True),
        evidence_check(
            "review",
            SINCE_REVIEW,
            "rules_frozen",
            "rules_fingerprint",
            "review_opened_at",
            or_source=True,
        ),
        evidence_check("closed", SINCE_CLOSING, "closed_at", or_source=True),
        evidence_check("announced", SINCE_RESULT, "announced_at", or_source=True),
        evidence_check("archived", (CallStatus.ARCHIVED,), "archived_at"),
        UniqueConstraint("year", "batch"),
        CheckConstraint("places BETWEEN 1 AND 999", name="places_range"),
        CheckConstraint("minimum_sheets BETWEEN 1 AND 99", name="minimum_sheets_range"),
        CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="closes_after_opens"),
        one_of("applicant_side", tuple(APPLICANT_SIDES)),
        one_of("joint_rule", tuple(JOINT_RULES)),
        CheckConstraint("unit_limit IS NULL OR unit_limit BETWEEN 1 AND 99", name="unit_limit"),
    )

    year: Mapped[int] = mapped_column(Integer)
    batch: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(80))
    notice_text: Mapped[str] = mapped_column(Text, default="")
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    places: Mapped[int] = mapped_column(Integer, default=12)
    minimum_sheets: Mapped[int] = mapped_column(Integer, default=3)
    trim: Mapped[bool] = mapped_column(Boolean, default=False)
    applicant_side: Mapped[str] = mapped_column(String(4), default=ANY_SIDE)
    joint_rule: Mapped[str] = mapped_column(String(8), default=NORMAL)
    unit_limit: Mapped[int | None] = mapped_column(Integer)
    # `rules_fingerprint` is that of this text.
    rules_frozen: Mapped[JsonString | None] = mapped_column(FrozenJson)
    rules_fingerprint: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    received_text: Mapped[str] = mapped_column(String(40), default="")
    approved_stated: Mapped[int | None] = mapped_column(Integer)
    month_text: Mapped[str] = mapped_column(String(20), default="")
    check_items: Mapped[Sequence[Plain]] = mapped_column(
        CanonicalJson(), default=lambda: to_plain(DEFAULT)
    )
    criteria: Mapped[list[Criterion]] = relationship(
        order_by="Criterion.position", cascade="all, delete-orphan"
    )
    files: Mapped[list[CallFile]] = relationship(
        order_by="CallFile.id", cascade="all, delete-orphan"
    )


class Criterion(HasId, Model):
    """One criterion: weight in points (all together 100), scale, direction, five-level rubric.

    `rubric` is a list of {label, lo, hi, text} from the best band to the worst.
    """

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("call_id", "key"),
        one_of("direction", DIRECTIONS),
        CheckConstraint("weight BETWEEN 0 AND 100", name="weight_range"),
        CheckConstraint("hi > lo AND step > 0", name="scale_sound"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    key: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(30))
    weight: Mapped[int] = mapped_column(Integer)
    lo: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(0))
    hi: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(100))
    step: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(1))
    direction: Mapped[str] = mapped_column(String(8), default="benefit")
    required: Mapped[bool] = mapped_column(Boolean, default=True)
    rubric: Mapped[Sequence[Mapping[str, Any]]] = mapped_column(CanonicalJson(), default=list)


class CallFile(HasId, Model):
    """A file attached to the notice."""

    __tablename__ = "call_file"

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    file: Mapped[StoredFile] = relationship()
