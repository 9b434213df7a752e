"""Queries of similar earlier proposals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, true

from lab.extensions import db
from lab.policy import Actor
from lab.proposals.core.visibility.grants import visible_condition
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.search import ALL, OTHERS, SearchEntry, SimilarPair, SimilarRun
from lab.proposals.rules.lifecycle import PROPOSAL
from lab.proposals.rules.similarity import MAX_RESULTS
from lab.proposals.search.index import ABSTRACT
from lab.proposals.search.similar import text_fingerprint
from lab.workflow import State


@dataclass(frozen=True)
class SimilarRow:
    """An earlier proposal as shown; percentages 0 to 100."""

    key: str
    number: str
    title: str
    unit: str
    state: State
    title_percent: int
    text_percent: int
    stretch: str


@dataclass(frozen=True)
class SimilarProposals:
    """What `_similar.html` renders. `current`: the text has not changed since the comparison."""

    rows: tuple[SimilarRow, ...]
    current: bool
    compared_at: datetime | None


def is_compared(proposal: Proposal) -> bool:
    """Return whether the text as it stands was compared, or there is none to compare."""
    run = select(SimilarRun.compared).where(SimilarRun.proposal_id == proposal.id)
    return _is_current(proposal, db.session.scalar(run))


def _is_current(proposal: Proposal, compared: str | None) -> bool:
    abstract = "\n".join(filter(None, (getattr(proposal, name) for name in ABSTRACT)))
    if not (proposal.title or abstract):
        return True
    return compared == text_fingerprint(proposal.title, abstract)


def similar_to(actor: Actor, proposal: Proposal) -> SimilarProposals:
    """Return similar earlier proposals that the actor may open, most similar first."""
    rows = db.session.execute(_statement(actor, proposal.id)).all()
    return SimilarProposals(
        rows=tuple(_row(row) for row in rows if row.key is not None),
        current=_is_current(proposal, rows[0].compared if rows else None),
        compared_at=rows[0].compared_at if rows else None,
    )


def _statement(actor: Actor, proposal_id: int) -> Select[Any]:
    """Return at least one row for a proposal whose comparison was ever requested."""
    pair, run = SimilarPair, SimilarRun
    others = (
        select(
            *(pair.id, pair.title_percent, pair.text_percent, pair.stretch),
            *(Proposal.key, Proposal.status),
            *(SearchEntry.number, SearchEntry.title, SearchEntry.unit),
        )
        .join(Proposal, Proposal.id == pair.other_id)
        .join(SearchEntry, SearchEntry.proposal_id == pair.other_id)
        .where(
            pair.proposal_id == proposal_id,
            SearchEntry.audience.in_((ALL, OTHERS)),
            visible_condition(actor),
        )
        .order_by(pair.id)
        .limit(MAX_RESULTS)
        .subquery()
    )
    return (
        select(run.compared, run.compared_at, *(column for column in others.c))
        .outerjoin(others, true())
        .where(run.proposal_id == proposal_id)
        .order_by(others.c.id)
    )


def _row(row: Any) -> SimilarRow:
    return SimilarRow(
        key=row.key,
        number=row.number,
        title=row.title,
        unit=row.unit,
        state=PROPOSAL.state(row.status),
        title_percent=row.title_percent,
        text_percent=row.text_percent,
        stretch=row.stretch,
    )
