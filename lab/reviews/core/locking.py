"""The lock that keeps the end of review and late writes from crossing."""

from __future__ import annotations

from sqlalchemy import select

from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import CallStatus
from lab.extensions import db
from lab.rejected import Rejected

ENDED_MESSAGE = "本轮评审已经结束，不能再办理此事项。"


def is_round_open(call: Call) -> bool:
    """Whether reviewers are at work: review has opened and has not been ended."""
    return call.status == CallStatus.REVIEWING and call.review_closed_at is None


def lock_call(call: Call, *, shared: bool = False) -> None:
    """Read the call again and hold its row until the transaction ends.

    Reviewers hold it `shared`, so that many can submit at once; the office holds it alone.
    """
    db.session.scalars(
        select(Call)
        .where(Call.id == call.id)
        .with_for_update(read=shared)
        .execution_options(populate_existing=True)
    ).one()


def lock_round(call: Call, *, shared: bool = False) -> None:
    """The same for an act that needs an open round. Raises Rejected when review has ended."""
    lock_call(call, shared=shared)
    if not is_round_open(call):
        raise Rejected(ENDED_MESSAGE)
