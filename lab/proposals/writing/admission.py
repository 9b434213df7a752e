"""Whether a unit may apply to a call: checked when a draft begins, and again on submission.

The rules are in `lab.calls.rules.eligibility`; this module supplies their input.
"""

from __future__ import annotations

from sqlalchemy import func, select

from lab import clock
from lab.calls.core.deadlines import submission_deadline
from lab.calls.models.call import Call
from lab.calls.rules import eligibility
from lab.calls.rules.timing import is_within_deadline
from lab.extensions import db
from lab.identity.models.account import Unit
from lab.identity.units.queries import side_of
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import UNCOUNTED
from lab.rejected import Rejected


def counted_proposals(call_id: int, unit_id: int, except_id: int | None = None) -> int:
    """Return how many proposals of the lead unit count in the call, without `except_id`."""
    query = (
        select(func.count())
        .select_from(Proposal)
        .where(
            Proposal.call_id == call_id,
            Proposal.unit_id == unit_id,
            Proposal.status.not_in(UNCOUNTED),
        )
    )
    if except_id is not None:
        query = query.where(Proposal.id != except_id)
    return int(db.session.scalar(query) or 0)


def counted_by_unit(call_id: int) -> dict[int, int]:
    """Return lead unit -> number of its counting proposals in the call."""
    rows = db.session.execute(
        select(Proposal.unit_id, func.count())
        .where(Proposal.call_id == call_id, Proposal.status.not_in(UNCOUNTED))
        .group_by(Proposal.unit_id)
    )
    return {unit_id: number for unit_id, number in rows}


def require_may_begin(call: Call, unit_id: int, *, late: bool = False) -> None:
    """Raise Rejected unless the unit may begin a proposal now; `late`: admitted by a code."""
    if not late and not is_within_deadline(call, submission_deadline(call, unit_id), clock.now()):
        raise Rejected("此批次不在征集时间内，不能申报。")
    counted_so_far = counted_proposals(call.id, unit_id) if call.unit_limit is not None else 0
    if why := eligibility.reason_not_to_begin(call, side_of(unit_id), counted_so_far):
        raise Rejected(why)


def reason_not_to_submit(proposal: Proposal) -> str:
    """Return why the call does not accept the proposal, regardless of time; "" when it does."""
    call, sides = proposal.call, _sides(proposal)
    others = 0
    if call.unit_limit is not None:
        others = counted_proposals(call.id, proposal.unit_id, except_id=proposal.id)
    return eligibility.reason_not_to_submit(call, *sides, others)


def _sides(proposal: Proposal) -> tuple[str, str]:
    """Return the sides of the lead unit and of the joint unit, "" without one."""
    return proposal.unit.side, proposal.joint_unit.side if proposal.joint_unit else ""


def require_may_submit(proposal: Proposal) -> None:
    """Raise Rejected unless the call accepts the proposal; part of a submission.

    The lead unit's row stays locked until the transaction ends, so that concurrent submissions
    count each other.
    """
    unit = select(Unit.id).where(Unit.id == proposal.unit_id)
    db.session.execute(unit.with_for_update(key_share=True))
    if why := reason_not_to_submit(proposal):
        raise Rejected(why)
