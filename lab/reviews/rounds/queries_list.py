"""The office's list of rounds."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, not_, select

from lab import clock
from lab.calls.core.queries import batch_label
from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import CALL, PUBLIC, SINCE_CLOSING, CallStatus
from lab.calls.rules.timing import effective_state
from lab.extensions import db
from lab.policy import Actor
from lab.proposals.core.counts import numbers_of_calls
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import PASSED_CHECK
from lab.reviews.core.conflicts import conflicted_condition
from lab.reviews.models import ScoreSheet
from lab.reviews.rules.lifecycle import OWED, SheetStatus
from lab.workflow import State


@dataclass(frozen=True)
class RoundRow:
    """One round in the list; `review_ended`: whether review has ended."""

    key: str
    batch_label: str
    title: str
    state: State
    proposals: int
    submitted: int
    owed: int
    review_ended: bool

    @property
    def awaits_result(self) -> bool:
        """Whether review has ended and the result is not public."""
        return self.review_ended and self.state.code == CallStatus.REVIEWING


def list_rounds(reader: Actor) -> list[RoundRow]:
    """Return the closed calls, newest first, with the counts of their sheets.

    Proposals that the reader must keep out of are not counted.
    """
    calls = db.session.scalars(
        select(Call)
        .where(Call.status.in_(PUBLIC), Call.closes_at.is_not(None))
        .order_by(Call.year.desc(), Call.batch.desc())
    ).all()
    now = clock.now()
    shown = [call for call in calls if effective_state(call, now) in SINCE_CLOSING]
    ids = [call.id for call in shown]
    entries = numbers_of_calls(ids)
    sheets = _counted(
        select(Proposal.call_id, ScoreSheet.status, func.count())
        .join(Proposal, Proposal.id == ScoreSheet.proposal_id)
        .where(Proposal.call_id.in_(ids), not_(conflicted_condition(reader)))
        .group_by(Proposal.call_id, ScoreSheet.status)
    )
    return [_row(call, entries[call.id], sheets[call.id], now) for call in shown]


def _counted(statement: Any) -> dict[int, Counter[str]]:
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for call_id, status, count in db.session.execute(statement):
        counts[call_id][status] = count
    return counts


def _row(call: Call, entries: Counter[str], sheets: Counter[str], now: datetime) -> RoundRow:
    return RoundRow(
        key=call.key,
        batch_label=batch_label(call.year, call.batch),
        title=call.title,
        state=CALL.state(effective_state(call, now)),
        proposals=sum(entries[status] for status in PASSED_CHECK),
        submitted=sheets[SheetStatus.SUBMITTED],
        owed=sum(sheets[status] for status in OWED),
        review_ended=call.review_closed_at is not None,
    )
