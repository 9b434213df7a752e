"""Who takes part in a proposal, and who is notified of it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from lab.extensions import db
from lab.identity.models.account import Person
from lab.inbox.notices.service import notify, people_with_unread
from lab.policy import STAFF
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.joint.lifecycle import ConfirmationStatus
from lab.web.links import About


def involved_ids(proposal: Proposal) -> set[int]:
    """Return the ids of owner, leader, members, and of whoever was asked for the partner."""
    asked = {row.person_id for row in proposal.confirmations if row.person_id is not None}
    return applicant_ids(proposal) | asked


def applicant_ids(proposal: Proposal) -> set[int]:
    """Return the ids of owner, leader and members, who read everything about the proposal."""
    members = {row.person_id for row in proposal.people if row.person_id is not None}
    return {proposal.owner_id} | members | ({proposal.leader_id} if proposal.leader_id else set())


def partner_ids(proposal: Proposal) -> set[int]:
    """Return the id of whoever is asked to confirm for the partner unit, or none.

    Not one who writes the proposal; not people asked before another one was chosen.
    """
    requested = {row.person_id for row in proposal.confirmations if row.person_id is not None}
    return {who for who in requested if who == proposal.partner_id} - applicant_ids(proposal)


def partner_unit_ids(proposal: Proposal) -> set[int]:
    """Return the ids of the partner unit's people in it: who confirms, and its team members.

    While the whole unit is asked, all of its people.
    """
    unit = proposal.joint_unit_id
    if unit and is_unit_asked(proposal):
        return unit_staff(unit) - {proposal.owner_id, proposal.leader_id}
    members = {
        row.person.id for row in proposal.people if row.person and row.person.unit_id == unit
    }
    asked = {proposal.partner_id} if proposal.partner_id else set()
    return (members | asked) - {proposal.owner_id, proposal.leader_id} if unit else set()


def is_unit_asked(proposal: Proposal) -> bool:
    """Return whether any of the partner unit's people may answer the request that waits."""
    return any(
        row.status == ConfirmationStatus.ASKED and row.person_id is None
        for row in proposal.confirmations
    )


def unit_staff(unit_id: int) -> set[int]:
    """Return the ids of the unit's people with a business account in use."""
    return staff_by_unit([unit_id]).get(unit_id, set())


def staff_by_unit(unit_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the same of several units, in one query."""
    staff = select(Person.unit_id, Person.id).where(
        Person.unit_id.in_(unit_ids), Person.kind == STAFF, Person.disabled_at.is_(None)
    )
    by_unit: dict[int, set[int]] = {}
    for unit_id, person_id in db.session.execute(staff):
        by_unit.setdefault(unit_id or 0, set()).add(person_id)
    return by_unit


def notify_of_files(proposal: Proposal) -> None:
    """Tell whoever is asked to confirm that the attachments are no longer what was asked about.

    Once, until it is read: several files are one change.
    """
    waiting = [row for row in proposal.confirmations if row.status == ConfirmationStatus.ASKED]
    if not waiting:
        return
    request = waiting[-1]
    text = f"提请您确认的申报书《{proposal.title}》附件有变动，请以页面上的最新内容为准。"
    asked = {request.person_id} if request.person_id else unit_staff(request.unit_id)
    notify(asked - people_with_unread(asked, text), text, About.of(proposal, "joint"))


def notify_partner(proposal: Proposal, text: str, about: About) -> None:
    """Notify the partner unit's people; nobody where a unit applies alone."""
    notify(partner_unit_ids(proposal), text, about)


def notify_applicants(proposal: Proposal, text: str, page: str = "") -> None:
    """Notify owner and leader, with a link to the proposal's page or to another `page` of it."""
    notify([proposal.owner_id, proposal.leader_id], text, About.of(proposal, page))
