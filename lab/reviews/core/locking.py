"""The lock that keeps closing a round and late writes from racing."""

from __future__ import annotations

from sqlalchemy import select

from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import CallStatus
from lab.extensions import db
from lab.rejected import Rejected

ENDED_MESSAGE = "本轮评审已经结束，不能再办理此事项。"


def is_round_open(call: Call) -> bool:
    """Return whether review has opened and has not ended."""
    return call.status == CallStatus.REVIEWING and call.review_closed_at is None


def lock_call(call: Call, *, shared: bool = False) -> None:
    """Refresh the call and lock its row until the transaction ends.

    Reviewers lock it `shared`, so that many can submit at once; the office exclusively.
    """
    db.session.scalars(
        select(Call)
        .where(Call.id == call.id)
        .with_for_update(read=shared)
        .execution_options(populate_existing=True)
    ).one()


def lock_round(call: Call, *, shared: bool = False) -> None:
    """Lock the call for an action that needs an open round.

    Raises Rejected when review has ended.
    """
    lock_call(call, shared=shared)
    if not is_round_open(call):
        raise Rejected(ENDED_MESSAGE)
