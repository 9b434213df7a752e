"""The ranking of a round: computed from the sheets while it is open, frozen when it closes."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab.calls.models.call import Call, Criterion
from lab.canonical import canonical_json
from lab.extensions import db
from lab.identity.models.account import Person, Unit
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import RANKED
from lab.reviews.core.frozen_rules import rules_of
from lab.reviews.models import RankingResult, ScoreItem, ScoreSheet
from lab.reviews.rules.lifecycle import SheetStatus
from lab.reviews.rules.pseudonyms import pseudonym
from lab.reviews.rules.ranking_table import RankingTable, ranking_table_from
from lab.reviews.scoring import api as scoring
from lab.reviews.scoring.explanation import rules_text

SCHEMA = 1


def compute_ranking(call: Call) -> dict[str, Any]:
    """Return the ranking and everything it depends on, as plain values, in 3 SELECTs."""
    rules = rules_of(call)
    proposals, sheets = _proposals(call), _sheets(call)
    own: dict[str, list[scoring.ScoreInput]] = defaultdict(list)
    for key, sheet in sheets:
        own[key].append(sheet)
    entries = [
        scoring.RankedProposal(p["key"], p["number"], tuple(own[p["key"]])) for p in proposals
    ]
    ranking = scoring.rank_proposals(rules, entries)
    return {
        "schema": SCHEMA,
        "call": {"key": call.key, "title": call.title},
        "rules_fingerprint": call.rules_fingerprint or "",
        "rules": rules,
        "method": rules_text(rules),
        "tie": scoring.tie_message(rules, ranking),
        "proposals": proposals,
        "sheets": [
            {"proposal": key, "reviewer": s.reviewer, "status": s.status, "scores": s.scores}
            for key, s in sheets
        ],
        "lines": [_plain_line(line) for line in ranking],
    }


def _proposals(call: Call) -> list[dict[str, str]]:
    rows = db.session.execute(
        select(Proposal.key, Proposal.number, Proposal.title, Unit.name.label("unit"))
        .join(Unit, Unit.id == Proposal.unit_id)
        .where(Proposal.call_id == call.id, Proposal.status.in_(RANKED))
        .order_by(Proposal.number)
    )
    return [dict(row._mapping) for row in rows]


def _sheets(call: Call) -> list[tuple[str, scoring.ScoreInput]]:
    """Return pairs of proposal key and sheet; scores of submitted sheets only."""
    rows = db.session.execute(
        select(
            ScoreSheet.id,
            ScoreSheet.status,
            Proposal.key.label("proposal"),
            Person.key.label("person"),
            Criterion.key.label("criterion"),
            ScoreItem.score,
        )
        .join(Proposal, Proposal.id == ScoreSheet.proposal_id)
        .join(Person, Person.id == ScoreSheet.reviewer_id)
        .outerjoin(
            ScoreItem,
            (ScoreItem.sheet_id == ScoreSheet.id) & (ScoreSheet.status == SheetStatus.SUBMITTED),
        )
        .outerjoin(Criterion, Criterion.id == ScoreItem.criterion_id)
        .where(
            Proposal.call_id == call.id,
            Proposal.status.in_(RANKED),
            ScoreSheet.status != SheetStatus.CANCELLED,
        )
        .order_by(Proposal.number, ScoreSheet.key)
    )
    heads: dict[int, tuple[str, str, str]] = {}
    scores: dict[int, dict[str, Decimal | None]] = {}
    for row in rows:
        heads[row.id] = (row.proposal, pseudonym(call.key, row.person), row.status)
        sheet_scores = scores.setdefault(row.id, {})
        if row.criterion is not None:
            sheet_scores[row.criterion] = row.score
    return [
        (proposal, scoring.ScoreInput(reviewer, status, scores[id_]))
        for id_, (proposal, reviewer, status) in heads.items()
    ]


def _plain_line(line: scoring.Ranked) -> dict[str, Any]:
    result = line.result
    return {
        "proposal": line.key,
        "rank": line.rank,
        "zone": line.zone,
        "tied": line.tied,
        "score": result.score,
        "valid": result.valid,
        "mean": result.mean,
        "median": result.median,
        "spread": result.spread,
        "means": {mean.key: mean.shown for mean in result.means},
        "answers": {mean.key: mean.answers for mean in result.means},
        "dropped": list(result.dropped),
        "reason": result.reason,
        "flags": list(result.flags),
        "messages": list(result.messages),
    }


# -- as shown ----------------------------------------------------------------------------------


def newest_ranking(call_id: int) -> RankingResult | None:
    """Return the newest frozen ranking of a call, None when there is none."""
    result: RankingResult | None = db.session.scalar(
        select(RankingResult)
        .where(RankingResult.call_id == call_id)
        .order_by(RankingResult.number.desc())
        .limit(1)
    )
    return result


def ranking_table(call: Call) -> RankingTable:
    """Return a call's ranking: the frozen one once review has ended, else the current one.

    Raises ValueError while the call has no counted criterion.
    """
    if call.review_closed_at is not None and (frozen := newest_ranking(call.id)):
        return ranking_table_from(frozen.content.parsed(), frozen.number, frozen.fingerprint)
    return ranking_table_from(canonical_json(compute_ranking(call)).parsed(), None, "")
