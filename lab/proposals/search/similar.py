"""Compare a proposal with earlier ones: requested by the save, done by the worker, stored.

While somebody types, the comparison is delayed; a submission triggers it at once. Earlier proposals
are compared as submitted, so that no unsubmitted text of others is ever quoted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from lab import clock
from lab.canonical import fingerprint
from lab.db import reading, writing
from lab.jobs import service as jobs
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.search import (
    ALL,
    AUDIENCES,
    BITS,
    MASK,
    OTHERS,
    OWN,
    SearchEntry,
    SimilarPair,
    SimilarRun,
)
from lab.proposals.rules import similarity
from lab.proposals.rules.lifecycle import BEFORE_OUTCOME, ProposalStatus
from lab.proposals.rules.matching import parse_terms
from lab.proposals.rules.similarity import Similarity
from lab.proposals.search import words

JOB = "similar.compare"
PAUSE = timedelta(minutes=1)  # so that an hour of typing is some sixty comparisons, not a thousand
MAX_PAIRS = 20  # pairs stored; a reader may not see all of them
SAMPLES, SAMPLE_LENGTH = 24, 8
COMMON = 50  # a piece found in so many proposals is a set phrase
_OWN = AUDIENCES.index(OWN)  # texts that nobody handed in do not count among them
CANDIDATES = 40
_run: Any = SimilarRun.__table__
_pair: Any = SimilarPair.__table__


@dataclass(frozen=True)
class _Text:
    proposal_id: int
    title: str
    abstract: str


def text_fingerprint(title: str, abstract: str) -> str:
    """Return the fingerprint of what is compared."""
    return fingerprint([title, abstract])


# -- asking for it -----------------------------------------------------------------------------


def request_comparison(
    session: Session, proposal_id: int, entries: Mapping[str, Mapping[str, str]]
) -> None:
    """Request a comparison if title or text differ from what was last compared."""
    mine = entries.get(OWN) or entries.get(ALL)
    if mine is None or not (mine["title"] or mine["abstract"]):
        return
    run = session.execute(select(_run).where(_run.c.proposal_id == proposal_id)).first()
    if run is not None and run.compared == text_fingerprint(mine["title"], mine["abstract"]):
        return
    settled = ALL in entries
    if run is None or not run.waiting or settled:
        _queue(session, proposal_id, run_exists=run is not None, at_once=settled)


def _queue(session: Session, proposal_id: int, *, run_exists: bool, at_once: bool) -> None:
    connection = session.connection()
    if run_exists:
        connection.execute(
            update(_run).where(_run.c.proposal_id == proposal_id).values(waiting=True)
        )
    else:
        connection.execute(insert(_run).values(proposal_id=proposal_id, waiting=True, compared=""))
    wait = timedelta(0) if at_once else PAUSE
    jobs.enqueue(JOB, {"proposal": proposal_id}, wait=wait, session=session)


def queue_missing() -> None:
    """Queue the comparison of every proposal without an outcome that was never compared."""
    with writing() as session:
        compared = select(_run.c.proposal_id)
        query = select(Proposal.id).where(
            Proposal.status.in_(BEFORE_OUTCOME), Proposal.id.not_in(compared)
        )
        for proposal_id in session.scalars(query).all():
            _queue(session, proposal_id, run_exists=False, at_once=True)


# -- doing it ----------------------------------------------------------------------------------


def compare(arguments: Mapping[str, Any]) -> None:
    """Run the worker's job: compare one proposal and store the result."""
    proposal_id = arguments["proposal"]
    with reading() as session:
        mine = _own_text(session, proposal_id)
        matches = _similar_to(session, mine) if mine else []
    if mine is not None:
        _store(mine, matches)


def _own_text(session: Session, proposal_id: int) -> _Text | None:
    row = session.execute(
        select(SearchEntry.title, SearchEntry.abstract).where(
            SearchEntry.proposal_id == proposal_id, SearchEntry.audience.in_((OWN, ALL))
        )
    ).first()
    return _Text(proposal_id, row.title, row.abstract) if row else None


def _similar_to(session: Session, mine: _Text) -> list[tuple[int, Similarity]]:
    """Return (id of the other, similarity) of similar proposals, most similar first."""
    earlier = dict(session.execute(_earlier(session, mine.proposal_id)).all())
    core = similarity.title_core(mine.title)
    titles = {
        i: similarity.title_percent(core, similarity.title_core(name))
        for i, name in earlier.items()
    }
    close = [i for i, percent in titles.items() if percent >= similarity.TITLE_PERCENT]
    close.sort(key=lambda i: (titles[i], i), reverse=True)
    candidates = {*close[:CANDIDATES], *_sharing_samples(session, mine, earlier.keys())}
    pieces = similarity.shingles(mine.abstract)
    matches = []
    for other in _texts(session, candidates):
        percent = similarity.text_percent(pieces, similarity.shingles(other.abstract))
        pair = Similarity(titles[other.proposal_id], percent)
        if pair.is_notable:
            matches.append((other, pair))
    matches.sort(key=lambda pair: (pair[1].most, pair[0].proposal_id), reverse=True)
    return [
        (other.proposal_id, _with_stretch(mine, other, pair)) for other, pair in matches[:MAX_PAIRS]
    ]


def _earlier(session: Session, proposal_id: int) -> Any:
    """Return (id, submitted title) of earlier submissions, without withdrawn ones.

    Those of the same moment count as well: an import submits all of its rows at once.
    """
    at = session.scalar(select(Proposal.submitted_at).where(Proposal.id == proposal_id))
    query = (
        select(SearchEntry.proposal_id, SearchEntry.title)
        .join(Proposal, Proposal.id == SearchEntry.proposal_id)
        .where(
            SearchEntry.audience.in_((ALL, OTHERS)),
            SearchEntry.proposal_id != proposal_id,
            Proposal.status != ProposalStatus.WITHDRAWN,
        )
    )
    return query if at is None else query.where(Proposal.submitted_at <= at)


def _sharing_samples(session: Session, mine: _Text, earlier: Iterable[int]) -> list[int]:
    """Return the ids of the proposals that share the most sampled pieces of the text."""
    earlier_ids, shared = frozenset(earlier), Counter[int]()
    for piece in similarity.samples(mine.abstract, SAMPLES, SAMPLE_LENGTH):
        query = words.ids(parse_terms(piece)).where(words.rowid.bitwise_and(MASK) != _OWN)
        ids = session.scalars(query.limit(COMMON + 1)).all()
        if len(ids) <= COMMON:
            shared.update({i >> BITS for i in ids} & earlier_ids)
    return sorted(shared, key=lambda i: (shared[i], i), reverse=True)[:CANDIDATES]


def _texts(session: Session, ids: Iterable[int]) -> list[_Text]:
    rows = session.execute(
        select(SearchEntry.proposal_id, SearchEntry.title, SearchEntry.abstract).where(
            SearchEntry.proposal_id.in_(ids), SearchEntry.audience.in_((ALL, OTHERS))
        )
    )
    return [_Text(*row) for row in rows]


def _with_stretch(mine: _Text, other: _Text, pair: Similarity) -> Similarity:
    stretch = similarity.shared_stretch(mine.abstract, other.abstract)
    if pair.text_percent < similarity.TEXT_PERCENT:
        stretch = similarity.shared_stretch(mine.title, other.title) or stretch
    return Similarity(pair.title_percent, pair.text_percent, stretch)


def _store(mine: _Text, matches: list[tuple[int, Similarity]]) -> None:
    """Replace the pairs; if the text has changed meanwhile, request again."""
    with writing() as session:
        lock = select(Proposal.id).where(Proposal.id == mine.proposal_id).with_for_update()
        if session.scalar(lock) is None:
            return
        connection = session.connection()
        connection.execute(delete(_pair).where(_pair.c.proposal_id == mine.proposal_id))
        if matches:
            connection.execute(insert(_pair), [_row(mine.proposal_id, *pair) for pair in matches])
        now = _own_text(session, mine.proposal_id)
        connection.execute(
            update(_run)
            .where(_run.c.proposal_id == mine.proposal_id)
            .values(
                waiting=now != mine,
                compared=text_fingerprint(mine.title, mine.abstract),
                compared_at=clock.now(),
            )
        )
        if now != mine:
            jobs.enqueue(JOB, {"proposal": mine.proposal_id}, wait=PAUSE, session=session)


def _row(proposal_id: int, other_id: int, pair: Similarity) -> dict[str, Any]:
    return {
        "proposal_id": proposal_id,
        "other_id": other_id,
        "title_percent": pair.title_percent,
        "text_percent": pair.text_percent,
        "stretch": pair.stretch,
    }
