"""Reads of the comparison with earlier proposals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lab.extensions import db
from lab.policy import Actor
from lab.proposals.access import visible
from lab.proposals.lifecycle import PROPOSAL
from lab.proposals.likeness import MOST
from lab.proposals.models import Proposal
from lab.proposals.models_search import ALL, OTHERS, SearchEntry, SimilarPair, SimilarRun
from lab.proposals.similar import text_print
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
class Similar:
    """What `_similar.html` draws. `current`: the text was not changed since it was compared."""

    rows: tuple[SimilarRow, ...]
    current: bool
    compared_at: datetime | None


def similar_to(actor: Actor, proposal: Proposal) -> Similar:
    """The earlier proposals much like this one that the actor may open, most alike first."""
    run = db.session.execute(
        select(SimilarRun.compared, SimilarRun.compared_at).where(
            SimilarRun.proposal_id == proposal.id
        )
    ).first()
    abstract = "\n".join(filter(None, (proposal.background, proposal.mode)))
    empty = not (proposal.title or abstract)
    current = empty or (run is not None and run.compared == text_print(proposal.title, abstract))
    return Similar(_rows(actor, proposal.id), current, run.compared_at if run else None)


def _rows(actor: Actor, proposal_id: int) -> tuple[SimilarRow, ...]:
    pair = SimilarPair
    found = db.session.execute(
        select(
            Proposal.key,
            SearchEntry.number,
            SearchEntry.title,
            SearchEntry.unit,
            Proposal.status,
            pair.title_percent,
            pair.text_percent,
            pair.stretch,
        )
        .join(Proposal, Proposal.id == pair.other_id)
        .join(SearchEntry, SearchEntry.proposal_id == pair.other_id)
        .where(
            pair.proposal_id == proposal_id,
            SearchEntry.audience.in_((ALL, OTHERS)),
            visible(actor),
        )
        .order_by(pair.id)
        .limit(MOST)
    )
    return tuple(SimilarRow(*row[:4], PROPOSAL.state(row[4]), *row[5:]) for row in found)
