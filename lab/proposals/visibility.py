"""Which content of a proposal a reader may read: decided here and nowhere else, for texts and
files alike.

What was not handed in belongs to those who write it (its owner, leader, members and the partner
unit's confirmer). Everybody else, the office included, reads the version handed in last: its text,
its names of units and people, its files. See docs/decisions/0019.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from lab import policy
from lab.extensions import db
from lab.policy import Actor, Subject
from lab.proposals.content import Content, live, private, read
from lab.proposals.lifecycle import UNSETTLED, WRITING
from lab.proposals.models import Proposal, ProposalFile, ProposalVersion
from lab.proposals.models_search import OTHERS, SearchEntry
from lab.proposals.queries_files import FileRow, Place, places
from lab.proposals.standing import WRITERS, relations, takes_part

VIEW = "proposal.view"
UNNAMED = "未命名申报书"


class Sight(Enum):
    """NOTHING; SUBMITTED: what was handed in last; WORKING: the text as it stands."""

    NOTHING = "nothing"
    SUBMITTED = "submitted"
    WORKING = "working"


def subject_of(actor: Actor, proposal: Proposal) -> Subject:
    """The proposal as the policy sees it."""
    stands = relations(actor, proposal)
    found = stands | {policy.CONFLICTED} if stands else stands
    return Subject("proposal", proposal.status, found)


def sight(actor: Actor, proposal: Proposal) -> Sight:
    """Which content the actor may read of this proposal."""
    subject = subject_of(actor, proposal)
    if not policy.allowed(VIEW, actor, subject):
        return Sight.NOTHING
    return Sight.WORKING if subject.relations else Sight.SUBMITTED


def is_inside(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor reads the private part and the record: those who write the proposal, and
    the office. Who confirms for the partner unit does not, whatever other role he holds."""
    stands = relations(actor, proposal)
    return bool(stands & WRITERS) if stands else policy.OFFICE in actor.roles


# -- texts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """The content of a proposal as a person reads it, and its private part as plain values."""

    content: Content
    private: dict[str, Any]


def text_for(actor: Actor, proposal: Proposal) -> Seen:
    """What stands on the page of a proposal for this reader.

    Raises PermissionError where he may not see it at all.
    """
    seen = sight(actor, proposal)
    if seen is Sight.NOTHING:
        raise PermissionError("the reader may not see the proposal")
    return _seen(proposal, working=seen is Sight.WORKING)


def text_handed_in(proposal: Proposal) -> Seen:
    """What was submitted last, the text as it stands where nothing ever was."""
    return _seen(proposal, working=False)


def _seen(proposal: Proposal, *, working: bool) -> Seen:
    """A version never loses its names: it is read also where the text as it stands is the same.
    What was never submitted is shown as it stands: only its own people may open it."""
    if not (working and proposal.status in (*WRITING, *UNSETTLED)):
        found = db.session.execute(_newest(), {"proposal_id": proposal.id}).first()
        if found is not None:
            return Seen(read(json.loads(found.content)), json.loads(found.private))
    return Seen(live(proposal), private(proposal))


@cache
def _newest() -> Executable:
    return (
        select(ProposalVersion.content, ProposalVersion.private)
        .where(ProposalVersion.proposal_id == bindparam("proposal_id"))
        .order_by(ProposalVersion.number.desc())
        .limit(1)
    )


def name_for(actor: Actor, proposal: Proposal) -> str:
    """The title as this reader knows it."""
    if sight(actor, proposal) is Sight.WORKING:
        return proposal.title or UNNAMED
    return official_name(proposal)


def official_name(proposal: Proposal) -> str:
    """The title as others than its own people know it: as it was submitted last."""
    if proposal.status not in UNSETTLED:
        return proposal.title or UNNAMED
    return text_handed_in(proposal).content.title


# -- lists -------------------------------------------------------------------------------------


def _submitted_title() -> ColumnElement[str]:
    entry = SearchEntry
    found = select(entry.title).where(entry.proposal_id == Proposal.id, entry.audience == OTHERS)
    return func.coalesce(found.correlate(Proposal).scalar_subquery(), Proposal.title)


@lru_cache(maxsize=256)
def shown_title(actor: Actor) -> ColumnElement[str]:
    """The title as the reader may know it: a new one that was not handed in is its people's own."""
    hidden = and_(Proposal.status.in_(UNSETTLED), not_(takes_part(actor)))
    return case((hidden, _submitted_title()), else_=Proposal.title)


def officially_called(titles: Collection[str]) -> ColumnElement[bool]:
    """SQL condition: handed in under one of these titles. A title that is only being written is
    no hint to anybody."""
    settled = and_(Proposal.status.not_in(UNSETTLED), Proposal.title.in_(titles))
    unsettled = and_(Proposal.status.in_(UNSETTLED), _submitted_title().in_(titles))
    return and_(Proposal.number.is_not(None), or_(settled, unsettled))


@cache
def official_title() -> ColumnElement[str]:
    """The title as it was handed in last, as a column."""
    return case((Proposal.status.in_(UNSETTLED), _submitted_title()), else_=Proposal.title)


@dataclass(frozen=True)
class Handed:
    """The newest submitted version of a proposal, as plain values."""

    shown: dict[str, Any]
    private: dict[str, Any]


def hides_working(status: str, *, own: bool) -> bool:
    """Whether a reader of a list reads a submitted version in place of the row."""
    return status in UNSETTLED and not own


def handed_in(ids: Collection[int], session: Session | None = None) -> dict[int, Handed]:
    """The newest submitted versions of these proposals by id, in one query, none for no ids."""
    return dict(_handed_in(ids, session or db.session())) if ids else {}


def _handed_in(ids: Collection[int], session: Session) -> Iterator[tuple[int, Handed]]:
    version = ProposalVersion
    newest = select(func.max(version.id)).where(version.proposal_id.in_(ids))
    asked = select(version.proposal_id, version.content, version.private).where(
        version.id.in_(newest.group_by(version.proposal_id))
    )
    for number, shown, hidden in session.execute(asked):
        yield number, Handed(json.loads(shown), json.loads(hidden))


# -- files -------------------------------------------------------------------------------------


def may_read_file(actor: Actor, proposal: Proposal, row: ProposalFile) -> bool:
    """Whether the actor may read an attachment: its bytes, its pictures, that it is there at all.

    Those who write it read every file that ever hung on the proposal, the partner unit's confirmer
    what hangs there now, everybody who sees the proposal what was handed in.
    """
    seen, stands = sight(actor, proposal), relations(actor, proposal)
    if seen is Sight.NOTHING:
        return False
    if stands & WRITERS or (seen is Sight.WORKING and row.removed_at is None):
        return True
    return any(row.file.key in keys for keys in _files_of_versions(proposal.id))


def files_for(actor: Actor, proposal: Proposal) -> tuple[Place, ...]:
    """The list of attachments with its history, as far as this reader may read it."""
    if relations(actor, proposal) & WRITERS:
        return places(proposal.id)
    versions = _files_of_versions(proposal.id)
    known, newest = frozenset[str]().union(*versions), frozenset[str](*versions[-1:])
    found = []
    for place in places(proposal.id):
        files = [row for row in place.files if row.key in known]
        if files:
            shown = (_as_handed_in(row, at, newest) for at, row in enumerate(files, 1))
            found.append(Place(tuple(shown)))
    return tuple(found)


def _as_handed_in(row: FileRow, version: int, newest: frozenset[str]) -> FileRow:
    if row.key in newest:  # taken off since, which nobody has handed in yet
        return replace(row, version=version, removed_at=None, removed_by="")
    return replace(row, version=version)


def removed_for(actor: Actor, proposal: Proposal, row: ProposalFile) -> datetime | None:
    """When the attachment was taken off, None while it stands in what this reader reads."""
    if row.removed_at is None or sight(actor, proposal) is Sight.WORKING:
        return row.removed_at
    versions = _files_of_versions(proposal.id)
    return None if versions and row.file.key in versions[-1] else row.removed_at


def _files_of_versions(proposal_id: int) -> list[frozenset[str]]:
    """The keys of the attachments of each submitted version, the oldest first."""
    texts = db.session.scalars(
        select(ProposalVersion.content)
        .where(ProposalVersion.proposal_id == proposal_id)
        .order_by(ProposalVersion.number)
    )
    return [frozenset(file["key"] for file in json.loads(text)["files"]) for text in texts]
