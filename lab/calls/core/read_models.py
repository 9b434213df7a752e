"""Read models of the call pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lab.calls.rules.lifecycle import CallStatus
from lab.workflow import State


@dataclass(frozen=True)
class CallRow:
    """One line of the list; `state` is the effective state."""

    key: str
    batch_label: str
    title: str
    state: State
    opens_at: datetime | None
    closes_at: datetime | None
    places: int | None
    unknown: str
    source_label: str


@dataclass(frozen=True)
class Level:
    """One level of a rubric: label, scores as text (90–100) and description."""

    label: str
    scores: str
    text: str


@dataclass(frozen=True)
class CriterionView:
    """One criterion as shown; weight in points, None when it was never published."""

    key: str
    name: str
    weight: int | None
    direction: str
    direction_label: str
    required: bool
    lo: Decimal
    hi: Decimal
    step: Decimal
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class FileView:
    """One attachment of the notice; size in bytes."""

    key: str
    name: str
    size: int


@dataclass(frozen=True)
class ExtensionRow:
    """An extension; `unit` is "" when it applies to all units."""

    unit: str
    old: datetime
    new: datetime
    reason: str
    at: datetime


@dataclass(frozen=True)
class RevisionRow:
    """One revision of the notice in the list."""

    number: int
    at: datetime
    summary: str


@dataclass(frozen=True)
class CallPage:
    """Everything a call's page shows; `unknown` is the text for missing values.

    `applicants`: the eligibility rules as pairs of label and text. `own_deadline`: the deadline of
    the reader's own unit where it is later than for all, else None.
    """

    key: str
    version: int
    batch_label: str
    title: str
    state: State
    notice_text: str
    opens_at: datetime | None
    closes_at: datetime | None
    places: int | None
    minimum_sheets: int | None
    trim: bool | None
    criteria: tuple[CriterionView, ...]
    weight_total: int
    files: tuple[FileView, ...]
    fingerprint: str
    accepts: bool
    missing: tuple[str, ...]
    unknown: str
    source_label: str
    received_text: str
    approved_stated: int | None
    month_text: str
    applicants: tuple[tuple[str, str], ...]
    extensions: tuple[ExtensionRow, ...]
    revisions: tuple[RevisionRow, ...]
    own_deadline: datetime | None

    @property
    def is_draft(self) -> bool:
        return self.state.code == CallStatus.DRAFT
