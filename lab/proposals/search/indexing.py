"""Keep the index current: track changes in the session, and the worker's jobs.

What is saved while somebody types is indexed by the worker within a minute (`defer`): the page
saves every few seconds, and nobody searches for half a sentence.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import event, inspect, select, update
from sqlalchemy.orm import Session

from lab.db import reading, writing
from lab.extensions import db
from lab.feature import JobKind
from lab.identity.models.account import Person, Unit
from lab.jobs import service as jobs
from lab.proposals.models.imports import ImportedProposal
from lab.proposals.models.proposal import (
    Proposal,
    ProposalMilestone,
    ProposalPerson,
    ProposalVersion,
)
from lab.proposals.rules.lifecycle import OWN_TEXT, PROPOSAL
from lab.proposals.search import index, similar

log = logging.getLogger("lab.search")
REBUILD, RENAMED, IMPORTED = "search.rebuild", "search.renamed", "search.imported"
STALE, RENAMES, DEFERRED = "search_stale", "search_renames", "search_deferred"
MOST_DUE = 200  # proposals indexed in one minute
_proposal: Any = Proposal.__table__
_PARTS = (ProposalMilestone, ProposalPerson, ProposalVersion)
# A change of these alone changes no text; in and out of a state that parts own text from
# submitted text, the entries change all the same.
_SILENT = frozenset(
    {
        *("status", "version", "saved_at", "closed_at", "step_versions", "invalid_input"),
        *("missing_count", "index_due", "title_key"),
    }
)


@event.listens_for(Session, "after_flush")
def _track_changes(session: Session, _context: Any) -> None:
    for obj in (*session.new, *session.dirty, *session.deleted):
        if isinstance(obj, Proposal):
            if _affects_search(obj) and not _waits(session, obj):
                session.info.setdefault(STALE, set()).add(obj.id)
        elif isinstance(obj, _PARTS):
            session.info.setdefault(STALE, set()).add(obj.proposal_id)
        elif isinstance(obj, (Unit, Person)) and _renamed(obj):
            kind = "unit" if isinstance(obj, Unit) else "person"
            session.info.setdefault(RENAMES, set()).add((kind, obj.id))


def defer(proposal: Proposal) -> None:
    """Let the worker index what this transaction saves of the proposal."""
    proposal.index_due = True
    db.session.info[DEFERRED] = proposal.id


def _waits(session: Session, proposal: Proposal) -> bool:
    return bool(session.info.get(DEFERRED) == proposal.id)


def index_due() -> None:
    """Index the proposals that were saved while somebody typed.

    One that cannot be indexed is logged and stays due; the others are indexed all the same.
    """
    with reading() as session:
        ids = session.scalars(select(Proposal.id).where(Proposal.index_due).limit(MOST_DUE)).all()
    for proposal_id in ids:
        try:
            _index_one(proposal_id)
        except Exception:
            log.exception("a proposal could not be indexed", extra={"proposal": proposal_id})


def _index_one(proposal_id: int) -> None:
    with writing() as session:
        locked = select(Proposal.id).where(Proposal.id == proposal_id, Proposal.index_due)
        if session.scalar(locked.with_for_update()) is None:
            return
        connection = session.connection()
        # Bookkeeping of the index like its entries: no new version, nothing for the audit log.
        done = update(_proposal).where(_proposal.c.id == proposal_id)
        connection.execute(done.values(index_due=False))
        entries = index.refresh(connection, proposal_id)
        similar.request_comparison(session, proposal_id, entries)


def _affects_search(proposal: Proposal) -> bool:
    """Return whether a change can affect the proposal's entries."""
    state: Any = inspect(proposal)
    changed = {attr.key for attr in state.mapper.column_attrs if _changed(state, attr.key)}
    if not changed <= _SILENT:
        return True
    if "status" not in changed:
        return False
    history = state.attrs.status.history
    return not {*history.added, *(history.deleted or (PROPOSAL.initial,))}.isdisjoint(OWN_TEXT)


def _changed(state: Any, name: str) -> bool:
    return bool(state.attrs[name].history.has_changes())


def _renamed(row: Unit | Person) -> bool:
    state: Any = inspect(row)
    history = state.attrs.name.history
    return bool(history.deleted) and history.added != history.deleted


@event.listens_for(Session, "before_commit")
def _refresh_changed(session: Session) -> None:
    session.flush()
    session.info.pop(DEFERRED, None)
    for proposal_id in sorted(session.info.pop(STALE, ())):
        connection = session.connection()
        similar.request_comparison(session, proposal_id, index.refresh(connection, proposal_id))
    for kind, row_id in sorted(session.info.pop(RENAMES, ())):
        # A unit may stand in thousands of proposals: the worker goes through them.
        jobs.enqueue(RENAMED, {"kind": kind, "id": row_id}, session=session)


@event.listens_for(Session, "after_rollback")
def _discard_pending(session: Session) -> None:
    for name in (STALE, RENAMES, DEFERRED):
        session.info.pop(name, None)


def _rebuild(_arguments: Mapping[str, Any]) -> None:
    index.rebuild()
    similar.queue_missing()


def _follow_rename(arguments: Mapping[str, Any]) -> None:
    index.rebuild(index.proposals_naming(arguments["kind"], arguments["id"]))


def queue_imported(import_id: int) -> None:
    """Queue indexing of an import's proposals, which no session has seen individually."""
    jobs.enqueue(IMPORTED, {"import": import_id})


def _follow_import(arguments: Mapping[str, Any]) -> None:
    with reading() as session:
        mine = ImportedProposal.import_id == arguments["import"]
        ids = session.scalars(select(ImportedProposal.proposal_id).where(mine)).all()
    index.rebuild(ids)
    similar.queue_missing()


def _ignore_failure(_arguments: Mapping[str, Any], _sentence: str) -> None:
    """Do nothing: `flask --app app search rebuild` repairs the index at any time."""


JOBS = (
    JobKind(REBUILD, _rebuild, _ignore_failure),
    JobKind(RENAMED, _follow_rename, _ignore_failure),
    JobKind(IMPORTED, _follow_import, _ignore_failure),
    JobKind(similar.JOB, similar.compare, _ignore_failure),
)
