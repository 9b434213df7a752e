"""What lists show of proposals: the titles and texts a reader may know, as SQL and in bulk."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, select
from sqlalchemy.orm import Session

from lab.extensions import db
from lab.policy import Actor
from lab.proposals.core.visibility.relations import is_participant
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.models.search import OTHERS, SearchEntry
from lab.proposals.rules.lifecycle import UNSETTLED
from lab.proposals.rules.similarity import title_key


def _submitted_title() -> ColumnElement[str]:
    entry = SearchEntry
    query = select(entry.title).where(entry.proposal_id == Proposal.id, entry.audience == OTHERS)
    return func.coalesce(query.correlate(Proposal).scalar_subquery(), Proposal.title)


@lru_cache(maxsize=256)
def shown_title(actor: Actor) -> ColumnElement[str]:
    """Return the title as the reader may know it: an unsubmitted new one is its people's own."""
    hidden = and_(Proposal.status.in_(UNSETTLED), not_(is_participant(actor)))
    return case((hidden, _submitted_title()), else_=Proposal.title)


def is_named_like(titles: Collection[str]) -> ColumnElement[bool]:
    """Return the SQL condition: last submitted under one of these names.

    Width, case, blanks and signs make no difference. A name still being written is not revealed.
    """
    return Proposal.title_key.in_({title_key(title) for title in titles})


@cache
def official_title() -> ColumnElement[str]:
    """Return the title as last submitted, as a column."""
    return case((Proposal.status.in_(UNSETTLED), _submitted_title()), else_=Proposal.title)


@dataclass(frozen=True)
class SubmittedContent:
    """The newest submitted version of a proposal, as plain values."""

    shown: dict[str, Any]
    private: dict[str, Any]


def reads_submitted(status: str, *, own: bool) -> bool:
    """Return whether a reader of a list reads a submitted version instead of the row."""
    return status in UNSETTLED and not own


def submitted_contents(
    ids: Collection[int], session: Session | None = None
) -> dict[int, SubmittedContent]:
    """Return the newest submitted versions of these proposals by id; no query for no ids."""
    return dict(_submitted_contents(ids, session or db.session())) if ids else {}


def _submitted_contents(
    ids: Collection[int], session: Session
) -> Iterator[tuple[int, SubmittedContent]]:
    version = ProposalVersion
    newest = select(func.max(version.id)).where(version.proposal_id.in_(ids))
    query = select(version.proposal_id, version.content, version.private).where(
        version.id.in_(newest.group_by(version.proposal_id))
    )
    for number, shown, hidden in session.execute(query):
        yield number, SubmittedContent(shown.parsed(), hidden.parsed())
