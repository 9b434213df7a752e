"""Compare several calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lab import clock
from lab.calls.core.extension_points import submission_counts
from lab.calls.core.queries import batch_label, eligibility_lines, is_published_only
from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import CALL, PUBLIC
from lab.calls.rules.timing import effective_state
from lab.extensions import db
from lab.workflow import State

MIN_CALLS, MAX_CALLS = 2, 4


@dataclass(frozen=True)
class CallColumn:
    """One call in the comparison; None where a published fact is silent.

    `received` and `accepted` are None for readers who may not know them.
    """

    key: str
    batch_label: str
    title: str
    state: State
    opens_at: datetime | None
    closes_at: datetime | None
    places: int | None
    minimum_sheets: int | None
    trim: bool | None
    applicants: dict[str, str]
    weights: dict[str, int]
    received: int | None
    accepted: int | None


def comparison(keys: Sequence[str], *, drafts: bool, figures: bool) -> tuple[CallColumn, ...]:
    """Return the calls with these keys, at most four, oldest batch first.

    Drafts for the office only.
    """
    query = (
        select(Call)
        .where(Call.key.in_(list(dict.fromkeys(keys))[:MAX_CALLS]))
        .options(selectinload(Call.criteria))
        .order_by(Call.year, Call.batch)
    )
    if not drafts:
        query = query.where(Call.status.in_(PUBLIC))
    calls = list(db.session.scalars(query))
    counts_by_call = submission_counts([call.id for call in calls]) if figures else {}
    return tuple(_column(call, counts_by_call, figures) for call in calls)


def _column(call: Call, counts_by_call: dict[int, tuple[int, int]], figures: bool) -> CallColumn:
    public = is_published_only(call)
    received, accepted = counts_by_call.get(call.id, (0, 0))
    own = figures and not public
    return CallColumn(
        key=call.key,
        batch_label=batch_label(call.year, call.batch),
        title=call.title,
        state=CALL.state(effective_state(call, clock.now())),
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        places=None if public else call.places,
        minimum_sheets=None if public else call.minimum_sheets,
        trim=None if public else call.trim,
        applicants={} if public else dict(eligibility_lines(call)),
        weights={} if public else {row.name: row.weight for row in call.criteria},
        received=received if own else None,
        accepted=accepted if own else None,
    )


def criteria_names(compared: Sequence[CallColumn]) -> tuple[str, ...]:
    """Return the distinct criterion names in the order of the calls."""
    return tuple(dict.fromkeys(name for column in compared for name in column.weights))
