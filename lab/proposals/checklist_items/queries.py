"""Queries of a call's list: whether it may be changed, and whose can be copied."""

from __future__ import annotations

from sqlalchemy import select

from lab.calls.models.call import Call
from lab.extensions import db
from lab.proposals.models.proposal import FormalityCheck, Proposal

MAX_CALLS = 50


def calls_with_lists(call: Call) -> list[tuple[str, str]]:
    """Return (key, title) of other calls whose lists can be copied, newest first, at most 50."""
    rows = db.session.execute(
        select(Call.key, Call.title)
        .where(Call.id != call.id)
        .order_by(Call.year.desc(), Call.batch.desc())
        .limit(MAX_CALLS)
    )
    return [(row.key, row.title) for row in rows]


def reason_list_fixed(call_id: int) -> str:
    """Return why the call's list is final: a check was recorded; "" while it may be changed."""
    query = select(FormalityCheck.id).join(Proposal, Proposal.id == FormalityCheck.proposal_id)
    checked = db.session.scalar(query.where(Proposal.call_id == call_id).limit(1)) is not None
    return "本批次已有审查记录，清单不能再改。" if checked else ""
