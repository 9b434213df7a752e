"""Queries for one formality check: the submission, its changes, and derived hints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from lab.extensions import db
from lab.proposals.core import deadlines
from lab.proposals.core.content.comparison import (
    FieldChange,
    changes_between,
    private_changes_between,
)
from lab.proposals.core.content.content import with_late_opinion
from lab.proposals.core.content.reader import Content, PrivatePart, read, read_private
from lab.proposals.core.visibility.contents import official_title
from lab.proposals.core.visibility.titles import is_named_like
from lab.proposals.joint.queries import awaits_confirmation
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.rules.joint.confirmation import UNCONFIRMED
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.rules.screening.check_facts import SubmissionFacts

MAX_SAME_TITLE = 5


@dataclass(frozen=True)
class Submission:
    """A submission as the check page shows it.

    The changes are against the returned version, None for a first submission.
    """

    number: int
    content: Content
    private: PrivatePart
    changes: tuple[FieldChange, ...] | None
    private_changes: tuple[FieldChange, ...]
    facts: SubmissionFacts


def load_submission(proposal: Proposal) -> Submission:
    """Return the newest submission as frozen, with its derived facts.

    Raises IndexError when nothing was submitted.
    """
    versions = _versions(proposal)
    newest, *earlier = [row for row in versions if row.number >= versions[0].number - 1]
    plain, private = newest.content.parsed(), newest.private.parsed()
    shown = with_late_opinion(read(plain), plain, proposal)
    changes: tuple[FieldChange, ...] | None = None
    private_changes: tuple[FieldChange, ...] = ()
    if earlier:
        changes = changes_between(read(earlier[0].content.parsed()), shown)
        private_changes = private_changes_between(earlier[0].private.parsed(), private)
    submission_facts = SubmissionFacts(
        first_submitted_at=versions[-1].submitted_at,
        closes_at=proposal.call.closes_at,
        until=_own_deadline(proposal, versions[-1].submitted_at),
        due_on=newest.answers_due_on,
        late_days=newest.late_days,
        attachments=len(shown.files),
        opinion=shown.texts["unit_opinion"],
        same_title=_same_title(proposal),
        joint=UNCONFIRMED if awaits_confirmation(proposal) else "",
    )
    return Submission(
        newest.number, shown, read_private(private), changes, private_changes, submission_facts
    )


def _own_deadline(proposal: Proposal, first: datetime) -> datetime | None:
    """Return the proposal's own deadline, only when it was submitted after the call's."""
    closes = proposal.call.closes_at
    return closes if closes is None or first < closes else deadlines.submission_deadline(proposal)


def _versions(proposal: Proposal) -> list[Any]:
    """Return the first, the second to last and the last version, newest first."""
    last = select(func.max(ProposalVersion.number)).where(
        ProposalVersion.proposal_id == proposal.id
    )
    query = select(
        ProposalVersion.number,
        ProposalVersion.content,
        ProposalVersion.private,
        ProposalVersion.submitted_at,
        ProposalVersion.answers_due_on,
        ProposalVersion.late_days,
    ).where(
        ProposalVersion.proposal_id == proposal.id,
        or_(ProposalVersion.number == 1, ProposalVersion.number >= last.scalar_subquery() - 1),
    )
    return list(db.session.execute(query.order_by(ProposalVersion.number.desc())))


def _same_title(proposal: Proposal) -> tuple[str, ...]:
    query = select(Proposal.number).where(
        is_named_like((official_title(proposal),)),
        Proposal.id != proposal.id,
        Proposal.status != ProposalStatus.WITHDRAWN,
    )
    return tuple(db.session.scalars(query.order_by(Proposal.id.desc()).limit(MAX_SAME_TITLE)))
