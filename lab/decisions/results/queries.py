"""The result that applicants may read about their own proposal after publication.

It says nothing about any reviewer: the columns read here hold neither names nor ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from lab.decisions.models import Decision, DecisionItem
from lab.decisions.ranking.queries import frozen_ranking_table
from lab.decisions.rules.lifecycle import DecisionStatus
from lab.extensions import db
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import PROPOSAL, ProposalStatus
from lab.reviews.models import ScoreSheet
from lab.reviews.rules.lifecycle import SheetStatus
from lab.reviews.rules.pseudonyms import reviewer_label, shuffled
from lab.workflow import State


@dataclass(frozen=True)
class CriterionMean:
    """One criterion: name, weight in points, mean 0–100 over the valid sheets."""

    name: str
    weight: str
    value: Decimal | None


@dataclass(frozen=True)
class ReviewComment:
    """One reviewer's comment under an anonymous label."""

    label: str
    strengths: str
    problems: str
    comment: str


@dataclass(frozen=True)
class ProposalResult:
    """The result of one proposal."""

    key: str
    number: str
    title: str
    call_title: str
    state: State
    score: Decimal | None
    means: tuple[CriterionMean, ...]
    comments: tuple[ReviewComment, ...]
    reason: str
    method: str
    rules_fingerprint: str
    notice_starts_on: date | None
    notice_ends_on: date | None


def published_result(proposal: Proposal) -> ProposalResult:
    """Return the published result. Raises NoResultFound for a proposal without one."""
    row = db.session.execute(
        select(
            Decision.ranking_number,
            Decision.notice_starts_on,
            Decision.notice_ends_on,
            DecisionItem.reason,
        )
        .join(DecisionItem, DecisionItem.decision_id == Decision.id)
        .where(DecisionItem.proposal_id == proposal.id, Decision.status == DecisionStatus.PUBLISHED)
    ).one()
    ranking_table = frozen_ranking_table(proposal.call_id, row.ranking_number)
    line = ranking_table.line(proposal.key)
    values = line.means if line else (None,) * len(ranking_table.criteria)
    return ProposalResult(
        key=proposal.key,
        number=proposal.number or "",
        title=proposal.title,
        call_title=ranking_table.title,
        state=PROPOSAL.state(proposal.status),
        score=line.score if line else None,
        means=tuple(
            CriterionMean(c.name, c.weight, value)
            for c, value in zip(ranking_table.criteria, values, strict=True)
        ),
        comments=_comments(proposal.id),
        reason="" if proposal.status == ProposalStatus.APPROVED else row.reason,
        method=ranking_table.method,
        rules_fingerprint=ranking_table.rules_fingerprint,
        notice_starts_on=row.notice_starts_on,
        notice_ends_on=row.notice_ends_on,
    )


def _comments(proposal_id: int) -> tuple[ReviewComment, ...]:
    rows = db.session.execute(
        select(ScoreSheet.key, ScoreSheet.strengths, ScoreSheet.problems, ScoreSheet.comment).where(
            ScoreSheet.proposal_id == proposal_id, ScoreSheet.status == SheetStatus.SUBMITTED
        )
    )
    rows_by_key = {row.key: row for row in rows}
    return tuple(
        ReviewComment(
            reviewer_label(position),
            rows_by_key[key].strengths,
            rows_by_key[key].problems,
            rows_by_key[key].comment,
        )
        for position, key in enumerate(shuffled(rows_by_key), 1)
    )
