"""The letter about a formality check, drafted in the transaction of the check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lab.inbox.letters import service as letters
from lab.inbox.models.letters import Letter
from lab.inbox.rules.letter_wording import (
    CHECK_PASSED,
    CHECK_REFUSED,
    CHECK_RETURNED,
    CheckOutcome,
    check_letter,
)
from lab.proposals.core.visibility.contents import official_title
from lab.proposals.models.proposal import FormalityCheck, Proposal
from lab.proposals.rules.screening import checklist
from lab.proposals.rules.screening.checklist import Mark
from lab.web.links import About

KIND_OF = {
    checklist.PASSED: CHECK_PASSED,
    checklist.RETURNED: CHECK_RETURNED,
    checklist.REFUSED: CHECK_REFUSED,
}


def draft_check_letter(
    proposal: Proposal,
    check: FormalityCheck,
    marks: Iterable[Mark],
    reopened_labels: Sequence[str] = (),
) -> Letter:
    """Draft the letter to owner and leader; `reopened_labels` are the reopened fields."""
    kind = KIND_OF[check.outcome]
    failed = [
        (mark.label or checklist.ITEM_LABELS.get(mark.code, mark.code), mark.note)
        for mark in marks
        if mark.result == checklist.FAIL
    ]
    outcome = CheckOutcome(
        kind=kind,
        number=proposal.number or "",
        title=official_title(proposal),
        unit=proposal.unit.name,
        reason=check.reason,
        failed=failed,
        reopened_fields=reopened_labels,
        due_days=check.due_days,
    )
    recipients = [proposal.owner_id, proposal.leader_id]
    return letters.draft_letter(
        kind,
        About.of(proposal),
        check_letter(outcome),
        recipients,
        check.checked_by_id,
        proposal.number or "",
    )
