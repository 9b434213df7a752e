"""Hand over proposals and confirmations; part of a handover, which says who may receive them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lab import audit, clock
from lab.db import transition
from lab.extensions import db
from lab.handover.kinds import NO_LONGER_HELD, Facts
from lab.handover.rules import Receiver
from lab.identity.models.account import Person
from lab.inbox.notices.service import notify
from lab.proposals.core.notifications import notify_applicants
from lab.proposals.core.visibility.contents import working_title
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.schema import STEP_OF
from lab.proposals.rules.joint.lifecycle import ConfirmationStatus
from lab.proposals.rules.lifecycle import BEFORE_CHECK
from lab.proposals.writing import step_versions
from lab.rejected import Rejected
from lab.web.links import About


def hand_over_drafts(giver: Person, receivers: Mapping[str, Receiver], facts: Facts) -> None:
    """Make each receiver the applicant of a proposal, by its key.

    Raises Rejected for a proposal that the giver no longer holds.
    """
    for proposal in _locked(receivers):
        if proposal.owner_id != giver.id or proposal.status not in BEFORE_CHECK:
            raise Rejected(NO_LONGER_HELD)
        receiver = receivers[proposal.key]
        proposal.owner_id = receiver.id
        text = f"{giver.name}填写的申报书《{working_title(proposal)}》已交接给您，请继续办理。"
        notify([receiver.id], text, About.of(proposal))
        _record(proposal, receiver, facts)


def hand_over_confirmations(giver: Person, receivers: Mapping[str, Receiver], facts: Facts) -> None:
    """Ask each receiver instead of the giver to confirm a proposal, by its key.

    The open request is dropped and made anew; the lead unit's people are told. Raises Rejected for
    a request that the giver has answered, or that was dropped.
    """
    proposals = _locked(receivers)
    dropped = {proposal.id: _drop_request(proposal, giver.id) for proposal in proposals}
    db.session.flush()  # one open request a proposal
    for proposal in proposals:
        receiver = receivers[proposal.key]
        proposal.partner_id = receiver.id
        # Whoever has the step open would else save the former person again.
        step_versions.mark_saved(proposal, STEP_OF["partner_id"].slug)
        _ask(proposal, receiver.id, dropped[proposal.id])
        title = working_title(proposal)
        notify([receiver.id], f"请确认联合申报的申报书《{title}》。", About.of(proposal, "joint"))
        notify_applicants(
            proposal,
            f"申报书《{title}》的联合单位确认人已由{giver.name}改为{receiver.name}，已重新提请。",
            "joint",
        )
        _record(proposal, receiver, facts)


def _locked(keys: Collection[str]) -> list[Proposal]:
    """Return the proposals with these keys, as they are now, until the transaction ends.

    Raises Rejected when one is gone.
    """
    rows = list(
        db.session.scalars(
            select(Proposal)
            .where(Proposal.key.in_(sorted(keys)))
            .order_by(Proposal.id)
            .options(selectinload(Proposal.confirmations))
            .with_for_update(of=Proposal)
            .execution_options(populate_existing=True)
        )
    )
    if len(rows) != len(keys):
        raise Rejected(NO_LONGER_HELD)
    return rows


def _drop_request(proposal: Proposal, person_id: int) -> JointConfirmation:
    for request in proposal.confirmations:
        asked = request.status == ConfirmationStatus.ASKED
        if asked and proposal.status in BEFORE_CHECK and request.person_id == person_id:
            transition(request, "drop", answered_at=clock.now())
            return request
    raise Rejected(NO_LONGER_HELD)


def _ask(proposal: Proposal, person_id: int, former: JointConfirmation) -> None:
    """Ask this person for what was asked of the former one, so that changes since are shown."""
    request = JointConfirmation(
        unit_id=former.unit_id,
        person_id=person_id,
        asked_by_id=former.asked_by_id,
        content=former.content,
    )
    request.begin()
    proposal.confirmations.append(request)


def _record(proposal: Proposal, receiver: Receiver, facts: Facts) -> None:
    audit.record("proposal.hand_over", proposal, detail={**facts, "to": receiver.name})
