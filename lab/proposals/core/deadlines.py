"""The submission deadline of a proposal: the only place that computes it.

Office rule: the deadline of the call; later for a unit with an extension, and for a proposal with a
redeemed late-entry code, while both name the lead unit; never once review has opened. To the
second, strictly before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lab.calls.core.deadlines import extension_deadline
from lab.calls.models.notice import CallLateCode
from lab.calls.rules.timing import effective_deadline, is_within_deadline
from lab.extensions import db
from lab.proposals.models.late_codes import LateEntry
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import TIMED


def _late_code_deadline(proposal_id: Any, unit_id: Any) -> Any:
    """Return until when codes redeemed for the proposal are valid, as a column.

    NULL without any.
    """
    return (
        select(func.max(CallLateCode.expires_at))
        .join(LateEntry, LateEntry.code_id == CallLateCode.id)
        .where(LateEntry.proposal_id == proposal_id, CallLateCode.unit_id == unit_id)
        .scalar_subquery()
    )


def extension_columns() -> tuple[Any, Any]:
    """Return two columns for lists of proposals, `extended_until` and `late_until`.

    Pass both to `lab.calls.rules.timing.effective_deadline` with the call, so that rows need no
    query of their own.
    """
    return (
        extension_deadline(Proposal.call_id, Proposal.unit_id).label("extended_until"),
        _late_code_deadline(Proposal.id, Proposal.unit_id).label("late_until"),
    )


def submission_deadline(proposal: Proposal) -> datetime | None:
    """Return the deadline for the first submission of a draft (aware, UTC).

    None when its call has no deadline yet, once review has opened, and in states where the deadline
    does not matter.
    """
    if proposal.status not in TIMED or effective_deadline(proposal.call) is None:
        return None
    extended = extension_deadline(proposal.call_id, proposal.unit_id)
    late = _late_code_deadline(proposal.id, proposal.unit_id)
    return effective_deadline(proposal.call, *db.session.execute(select(extended, late)).one())


def is_before_deadline(proposal: Proposal, now: datetime) -> bool:
    """Return whether a draft may be submitted for the first time at `now`."""
    return is_within_deadline(proposal.call, submission_deadline(proposal), now)


@dataclass(frozen=True)
class LateNote:
    """A late entry by code: why it was admitted, when redeemed, and until when it was valid."""

    reason: str
    used_at: datetime
    expires_at: datetime


def late_entry_note(proposal: Proposal) -> LateNote | None:
    """Return how the proposal was admitted late by code, for the formality check.

    None when it was not.
    """
    first, closes = proposal.first_submitted_at, proposal.call.closes_at
    if first is not None and closes is not None and first < closes:
        return None
    code = db.session.scalars(
        select(CallLateCode)
        .join(LateEntry, LateEntry.code_id == CallLateCode.id)
        .where(LateEntry.proposal_id == proposal.id)
        .order_by(LateEntry.id.desc())
        .limit(1)
    ).first()
    if code is None or code.used_at is None:
        return None
    return LateNote(code.reason, code.used_at, code.expires_at)
