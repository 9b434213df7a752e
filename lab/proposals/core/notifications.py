"""Who takes part in a proposal, and who is notified of it."""

from __future__ import annotations

from lab.inbox.notices.service import notify
from lab.proposals.models.proposal import Proposal
from lab.web.links import About


def involved_ids(proposal: Proposal) -> set[int]:
    """Return the ids of owner, leader, members, and of whoever was asked for the partner."""
    return applicant_ids(proposal) | {row.person_id for row in proposal.confirmations}


def applicant_ids(proposal: Proposal) -> set[int]:
    """Return the ids of owner, leader and members, who read everything about the proposal."""
    members = {row.person_id for row in proposal.people if row.person_id is not None}
    return {proposal.owner_id} | members | ({proposal.leader_id} if proposal.leader_id else set())


def partner_ids(proposal: Proposal) -> set[int]:
    """Return the id of whoever is asked to confirm for the partner unit, or none.

    Not one who writes the proposal; not people asked before another one was chosen.
    """
    requested_ids = {row.person_id for row in proposal.confirmations}
    return requested_ids & {proposal.partner_id} - applicant_ids(proposal)


def partner_unit_ids(proposal: Proposal) -> set[int]:
    """Return the ids of the partner unit's people in it: who confirms, and its team members."""
    unit = proposal.joint_unit_id
    members = {
        row.person.id for row in proposal.people if row.person and row.person.unit_id == unit
    }
    asked = {proposal.partner_id} if proposal.partner_id else set()
    return (members | asked) - {proposal.owner_id, proposal.leader_id} if unit else set()


def notify_partner(proposal: Proposal, text: str, about: About) -> None:
    """Notify the partner unit's people; nobody where a unit applies alone."""
    notify(partner_unit_ids(proposal), text, about)


def notify_applicants(proposal: Proposal, text: str, page: str = "") -> None:
    """Notify owner and leader, with a link to the proposal's page or to another `page` of it."""
    notify([proposal.owner_id, proposal.leader_id], text, About.of(proposal, page))
