"""The demonstration's joint applications: requested, and confirmed before submission."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lab.canonical import canonical_json, fingerprint
from lab.db import transition
from lab.extensions import db
from lab.proposals.core.content import content
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal

# Who answers for a partner unit.
CONFIRMERS = {
    **{"post_a": "demo-applicant", "bank_a": "demo-applicant2"},
    **{"post_b": "demo-member2", "bank_b": "demo-member"},
}
OPINION = "【演示】同意联合申报，按分工承担有关工作。"


def partner_of(row: dict[str, Any]) -> str:
    """Return the key of the person who confirms for the row's partner unit."""
    return CONFIRMERS[row["joint"]]


def ask(proposal: Proposal, at: datetime) -> JointConfirmation:
    """Request the partner unit's confirmation."""
    request = JointConfirmation(
        unit_id=proposal.joint_unit_id,
        person_id=proposal.partner_id,
        asked_by_id=proposal.owner_id,
        asked_at=at,
    )
    request.begin()
    proposal.confirmations.append(request)
    db.session.flush()
    return request


def confirm(proposal: Proposal, at: datetime) -> None:
    """Confirm the current content for the partner unit, if there is one."""
    if proposal.joint_unit_id is None:
        return
    request = ask(proposal, at - timedelta(days=1))
    plain = content.confirmable_content(proposal)
    transition(
        request,
        "confirm",
        answered_at=at - timedelta(hours=2),
        opinion=OPINION,
        content=canonical_json(plain),
        fingerprint=fingerprint(plain),
    )
    db.session.flush()
    db.session.refresh(request)
