"""Locking a proposal, and which of its fields may be edited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from lab import clock
from lab.extensions import db
from lab.proposals.models.proposal import FormalityCheck, Proposal
from lab.proposals.rules import corrections
from lab.proposals.rules.corrections import ReturnInfo, days_late, parts_of
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.rules.screening import checklist
from lab.rejected import Rejected

READ = "proposal_read"  # where a session keeps which row it read, and in which transaction


def due_on(proposal: Proposal) -> date | None:
    """Return the last day for the correction; None when the proposal is not returned."""
    check = _last_return(proposal)
    return check.due_on if check else None


def _last_return(proposal: Proposal) -> FormalityCheck | None:
    """Return the check that returned the proposal; None when it is not returned."""
    if proposal.status != ProposalStatus.RETURNED:
        return None
    returned = [check for check in proposal.announced_checks if check.outcome == checklist.RETURNED]
    return returned[-1] if returned else None


def late_days(proposal: Proposal, moment: datetime) -> int:
    """Return how many days after its due date a returned proposal is at `moment`."""
    if proposal.status != ProposalStatus.RETURNED:
        return 0
    return days_late(due_on(proposal), clock.beijing(moment).date())


def returned_state(proposal: Proposal) -> ReturnInfo | None:
    """Return what the applicant must know about a return.

    None when the proposal is not returned.
    """
    if proposal.status != ProposalStatus.RETURNED:
        return None
    late = late_days(proposal, clock.now())
    return ReturnInfo(due_on(proposal), late, parts_of(editable_fields(proposal)))


def lock(proposal: Proposal) -> None:
    """Lock and refresh the row until the transaction ends.

    Of two people saving at once the second sees the first one's text. SQLite has one writer at a
    time: what this transaction has read itself is the newest already.
    """
    db.session.flush()  # refreshing forgets what has not been written yet
    if db.session.get_bind().dialect.name == "sqlite" and _was_read_now(proposal):
        return
    # Only this row: PostgreSQL locks none that was read along with it by an outer join.
    db.session.refresh(proposal, with_for_update={"of": Proposal})


def note_read(proposal: Proposal) -> None:
    """Note that the current transaction has read this row."""
    db.session.info[READ] = (proposal.id, db.session().get_transaction())


def _was_read_now(proposal: Proposal) -> bool:
    noted: tuple[int, Any] | None = db.session.info.get(READ)
    return noted is not None and noted == (proposal.id, db.session().get_transaction())


def editable_fields(proposal: Proposal) -> frozenset[str]:
    """Return the currently editable fields: all of a draft.

    Of a returned proposal those that the return names.
    """
    check = _last_return(proposal)
    if check is None:
        return corrections.ALL_FIELDS
    reopened = frozenset(check.reopened)
    # A joint proposal that came by mail has nobody yet who confirms for the partner unit.
    nobody = proposal.joint_unit_id is not None and proposal.partner_id is None
    return reopened | {"partner_id"} if nobody else reopened


def require_editable(proposal: Proposal, names: Collection[str]) -> None:
    """Raise Rejected for fields that a return did not reopen."""
    editable = editable_fields(proposal)
    if read_only := [
        name for name in names if name in corrections.ALL_FIELDS and name not in editable
    ]:
        raise Rejected(corrections.rejection_message(read_only))


def invalid_input_of(proposal: Proposal) -> dict[str, Any]:
    """Return field -> raw input for everything that failed validation when it was saved."""
    return dict(proposal.invalid_input)
