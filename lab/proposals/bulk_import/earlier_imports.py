"""Ask the partner units of joint proposals that were imported before an import asked them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from lab import audit
from lab.db import reading
from lab.extensions import db
from lab.proposals.bulk_import.notifications import notify_partners
from lab.proposals.joint import service as joint_service
from lab.proposals.models.imports import ImportedProposal, ProposalImport
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import ProposalStatus

ASKED_AT_ONCE = 50
_NEVER_ASKED = (
    select(Proposal, ProposalImport.imported_by_id)
    .join(ImportedProposal, ImportedProposal.proposal_id == Proposal.id)
    .join(ProposalImport, ProposalImport.id == ImportedProposal.import_id)
    .where(
        Proposal.status == ProposalStatus.SUBMITTED,
        Proposal.joint_unit_id.is_not(None),
        ~exists().where(JointConfirmation.proposal_id == Proposal.id),
    )
    .order_by(Proposal.id)
    .limit(ASKED_AT_ONCE)
)


def ask_partners() -> None:
    """Ask the partner units of imported proposals that wait for the formality check unasked.

    In the name of whoever imported them, once: a request is there afterwards, however it ends. What
    was returned is asked for by its own people.
    """
    with reading() as session:
        if session.execute(_NEVER_ASKED).first() is None:
            return
    try:
        rows: Sequence[Any] = db.session.execute(_NEVER_ASKED).all()
        for proposal, importer_id in rows:
            proposal.confirmations.append(joint_service.new_request(proposal, importer_id))
            audit.record("proposal.ask", proposal, detail={"by": "clock"})
        notify_partners([proposal for proposal, _ in rows])
        db.session.commit()
    except IntegrityError:  # somebody asked meanwhile; the rest follows in a minute
        db.session.rollback()
