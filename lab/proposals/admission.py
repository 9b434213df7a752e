"""Whether a unit is let in to a call: asked when a draft begins, and again when it is submitted.

The rules themselves are in `lab.calls.eligibility`; here is what they are asked of.
"""

from __future__ import annotations

from sqlalchemy import func, select

from lab import clock
from lab.calls import eligibility
from lab.calls.models import Call
from lab.calls.queries_deadlines import closing_of
from lab.calls.timing import accepts_until
from lab.errors import Refused
from lab.extensions import db
from lab.identity.models import Unit
from lab.identity.queries_units import side_of
from lab.proposals.models import Proposal


def counted(call_id: int, unit_id: int, besides: int | None = None) -> int:
    """How many proposals of the lead unit count in the call, leaving out the one `besides`."""
    query = (
        select(func.count())
        .select_from(Proposal)
        .where(
            Proposal.call_id == call_id,
            Proposal.unit_id == unit_id,
            Proposal.status.not_in(eligibility.UNCOUNTED),
        )
    )
    if besides is not None:
        query = query.where(Proposal.id != besides)
    return int(db.session.scalar(query) or 0)


def expect_to_begin(call: Call, unit_id: int, *, late: bool = False) -> None:
    """Raise Refused unless the unit may begin a proposal now; `late`: it came by code."""
    if not late and not accepts_until(call, closing_of(call, unit_id), clock.now()):
        raise Refused("此批次不在征集时间内，不能申报。")
    why = eligibility.why_not_begin(call, side_of(unit_id), counted(call.id, unit_id))
    if why:
        raise Refused(why)


def why_not_submit(proposal: Proposal) -> str:
    """Why the call does not let the proposal in, whatever the time; "" when it does."""
    partner = side_of(proposal.joint_unit_id) if proposal.joint_unit_id else ""
    others = counted(proposal.call_id, proposal.unit_id, besides=proposal.id)
    lead = side_of(proposal.unit_id)
    return eligibility.why_not_submit(proposal.call, lead, partner, others)


def expect_to_submit(proposal: Proposal) -> None:
    """Raise Refused unless the call lets the proposal in; part of a submission.

    The row of the lead unit stays locked until the transaction ends: of several submissions at
    once each counts the ones before.
    """
    unit = select(Unit.id).where(Unit.id == proposal.unit_id)
    db.session.execute(unit.with_for_update(key_share=True))
    if why := why_not_submit(proposal):
        raise Refused(why)
