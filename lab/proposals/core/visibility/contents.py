"""Which content of a proposal a reader may read: decided here and nowhere else.

Lists and attachments follow from it in `titles` and `files`.

Unsubmitted content belongs to those who write it (owner, leader, members and the partner unit's
confirmer). Everybody else, the office included, reads the latest submission: its text, its names of
units and people, its files. See docs/decisions/0019.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache

from sqlalchemy import (
    Executable,
    bindparam,
    select,
)

from lab import policy
from lab.extensions import db
from lab.policy import Actor, Resource
from lab.proposals.core.content.content import current_content, private_content, with_late_opinion
from lab.proposals.core.content.reader import Content, PrivatePart, read, read_private
from lab.proposals.core.visibility.relations import WRITER_RELATIONS, relations
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.rules.form.schema import UNNAMED
from lab.proposals.rules.lifecycle import OWN_TEXT, UNSETTLED

VIEW = "proposal.view"


class Sight(Enum):
    """NOTHING; SUBMITTED: the latest submission; WORKING: the current text."""

    NOTHING = "nothing"
    SUBMITTED = "submitted"
    WORKING = "working"


def resource_of(actor: Actor, proposal: Proposal) -> Resource:
    """Return the proposal as a policy resource."""
    own = relations(actor, proposal)
    effective = own | {policy.CONFLICTED} if own else own
    return Resource("proposal", proposal.status, effective)


def sight_of(actor: Actor, proposal: Proposal) -> Sight:
    """Return which content of this proposal the actor may read."""
    resource = resource_of(actor, proposal)
    if not policy.allowed(VIEW, actor, resource):
        return Sight.NOTHING
    return Sight.WORKING if resource.relations else Sight.SUBMITTED


def may_read_private(actor: Actor, proposal: Proposal) -> bool:
    """Return whether the actor reads the private part and the record.

    Those who write the proposal and the office do. The partner unit's confirmer does not, whatever
    other role that person has.
    """
    own = relations(actor, proposal)
    return bool(own & WRITER_RELATIONS) if own else policy.OFFICE in actor.roles


# -- texts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReadContent:
    """The content of a proposal as a person reads it, and its private part."""

    content: Content
    private: PrivatePart


def content_for(actor: Actor, proposal: Proposal) -> ReadContent:
    """Return what this reader sees on the page of a proposal.

    Raises PermissionError where the reader may not see it at all.
    """
    seen = sight_of(actor, proposal)
    if seen is Sight.NOTHING:
        raise PermissionError("the reader may not see the proposal")
    return _read_version(proposal, working=seen is Sight.WORKING)


def submitted_content(proposal: Proposal) -> ReadContent:
    """Return the latest submission, or the current text where there is none."""
    return _read_version(proposal, working=False)


def _read_version(proposal: Proposal, *, working: bool) -> ReadContent:
    """Read a version also where the current text is the same: a version never loses its names.

    What was never submitted is shown as it is: only its own people may open it.
    """
    if not (working and proposal.status in OWN_TEXT):
        row = db.session.execute(_newest(), {"proposal_id": proposal.id}).first()
        if row is not None:
            plain = row.content.parsed()
            shown = with_late_opinion(read(plain), plain, proposal)
            return ReadContent(shown, read_private(row.private.parsed()))
    return ReadContent(current_content(proposal), read_private(private_content(proposal)))


@cache
def _newest() -> Executable:
    return (
        select(ProposalVersion.content, ProposalVersion.private)
        .where(ProposalVersion.proposal_id == bindparam("proposal_id"))
        .order_by(ProposalVersion.number.desc())
        .limit(1)
    )


def title_for(actor: Actor, proposal: Proposal) -> str:
    """Return the title as this reader knows it."""
    if sight_of(actor, proposal) is Sight.WORKING:
        return working_title(proposal)
    return official_title(proposal)


def working_title(proposal: Proposal) -> str:
    """Return the title as it stands, for those who write the proposal."""
    return proposal.title or UNNAMED


def numbered_title(proposal: Proposal) -> str:
    """Return number and title as last submitted: SB-2022-01-007《项目名称》."""
    return f"{proposal.number}《{official_title(proposal)}》"


def official_title(proposal: Proposal) -> str:
    """Return the title as last submitted, which outsiders know."""
    if proposal.status not in UNSETTLED:
        return working_title(proposal)
    return submitted_content(proposal).content.title
