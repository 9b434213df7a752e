"""Close review: cancel owed sheets, freeze the ranking, move proposals out of review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from lab import audit, clock
from lab.calls.models.call import Call
from lab.canonical import canonical_json, short
from lab.canonical import fingerprint as digest_of
from lab.db import transition
from lab.extensions import db
from lab.proposals.submission import review_transitions
from lab.rejected import Rejected
from lab.reviews.core.locking import lock_round
from lab.reviews.models import RankingResult
from lab.reviews.rounds.queries_ranking import compute_ranking
from lab.reviews.rounds.service import sheets_of
from lab.reviews.rules.lifecycle import OWED

NOT_SUBMITTED_REASON = "评审结束时未提交"


def close_round(call: Call, *, cancel_owed: bool) -> RankingResult:
    """Close the round (结束评审): freeze the ranking; sheets are final.

    Office rules: below the minimum of valid sheets a round cannot be closed; owed sheets are
    cancelled only when the office says so. Raises Rejected otherwise.
    """
    lock_round(call)
    sheets = db.session.scalars(sheets_of(call)).all()
    owed_sheets = [sheet for sheet in sheets if sheet.status in OWED]
    content = compute_ranking(call)
    _reject_too_few(content)
    if owed_sheets and not cancel_owed:
        raise Rejected(
            f"还有{len(owed_sheets)}份评审未提交。请先催办或取消分配，或勾选“取消未提交的评审”。",
            "cancel_owed",
        )
    for sheet in owed_sheets:
        transition(sheet, "cancel", closed_reason=NOT_SUBMITTED_REASON)
    result = _freeze(call)
    review_transitions.leave_review(call)
    call.review_closed_at = clock.now()
    detail = {"cancelled": len(owed_sheets), "ranking": short(result.fingerprint)}
    audit.record("round.close", call, detail=detail)
    return result


def _reject_too_few(content: Mapping[str, Any]) -> None:
    numbers = {p["key"]: p["number"] for p in content["proposals"]}
    least = content["rules"].minimum_sheets
    short_ones = sorted(
        numbers[line["proposal"]] for line in content["lines"] if line["valid"] < least
    )
    if short_ones:
        list_text = "、".join(short_ones)
        raise Rejected(
            f"以下申报书有效评审不足{least}份，不能结束评审：{list_text}。请补充分配评委。"
        )


def _freeze(call: Call) -> RankingResult:
    db.session.flush()
    content = compute_ranking(call)
    last = db.session.scalar(
        select(func.max(RankingResult.number)).where(RankingResult.call_id == call.id)
    )
    result = RankingResult(
        call_id=call.id,
        number=(last or 0) + 1,
        content=canonical_json(content),
        fingerprint=digest_of(content),
        computed_at=clock.now(),
    )
    db.session.add(result)
    return result
