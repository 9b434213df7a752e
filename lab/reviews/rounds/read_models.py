"""Read models of the office's round pages. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lab.calls.rules.lifecycle import CallStatus
from lab.workflow import State

AVAILABLE_MARK, SUBMITTED_MARK, OWED_MARK, ENDED, CONFLICT = (
    "free",
    "submitted",
    "owed",
    "ended",
    "conflict",
)


@dataclass(frozen=True)
class MatrixCell:
    """One reviewer for one proposal; `mark` is free, owed, submitted, ended or conflict.

    `text` fits into a cell, `why` is the full reason of a conflict.
    """

    reviewer_key: str
    reviewer: str
    mark: str
    text: str = ""
    why: str = ""


@dataclass(frozen=True)
class RoundEntry:
    """One proposal of the round.

    `hidden` when the reader must keep out of its review: then it has neither cells nor counts.
    """

    key: str
    number: str
    title: str
    unit: str
    submitted: int
    owed: int
    hidden: bool
    cells: tuple[MatrixCell, ...]

    @property
    def sheets(self) -> int:
        return self.submitted + self.owed

    @property
    def barred(self) -> tuple[MatrixCell, ...]:
        """The reviewers who must not review it."""
        return tuple(cell for cell in self.cells if cell.mark == CONFLICT)


@dataclass(frozen=True)
class ReviewerLoad:
    """A reviewer's submitted and owed sheets; `reminded` today."""

    key: str
    name: str
    unit: str
    side: str
    submitted: int
    owed: int
    pledged: bool
    reminded: bool

    @property
    def sheets(self) -> int:
        return self.submitted + self.owed


@dataclass(frozen=True)
class RoundPage:
    """Everything the pages of one round show.

    `pending`: proposals without a passed formality check; `extension_note`: who may still submit,
    "" for nobody or once review has opened.
    """

    key: str
    batch_label: str
    title: str
    state: State
    open: bool
    ended_at: datetime | None
    places: int
    minimum: int
    fingerprint: str
    pending: int
    extension_note: str
    entries: tuple[RoundEntry, ...]
    loads: tuple[ReviewerLoad, ...]

    @property
    def awaits_opening(self) -> bool:
        """Whether submission has ended and review has not begun."""
        return self.state.code == CallStatus.CLOSED

    @property
    def submitted(self) -> int:
        return sum(entry.submitted for entry in self.entries)

    @property
    def owed(self) -> int:
        return sum(entry.owed for entry in self.entries)

    @property
    def short(self) -> tuple[RoundEntry, ...]:
        """Proposals with fewer submitted sheets than the minimum."""
        return tuple(e for e in self.entries if not e.hidden and e.submitted < self.minimum)

    @property
    def underassigned(self) -> tuple[RoundEntry, ...]:
        """Proposals with fewer assigned sheets than the minimum."""
        return tuple(e for e in self.entries if not e.hidden and e.sheets < self.minimum)
