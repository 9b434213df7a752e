"""Match whom the applicant wants to avoid with people, as part of a formality check."""

from __future__ import annotations

from collections.abc import Mapping

from lab import audit, clock
from lab.extensions import db
from lab.identity.models.account import Person
from lab.policy import REVIEWER
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.screening import avoidance, checklist
from lab.proposals.screening.avoided.queries import avoided_entries
from lab.rejected import Rejected


def require_matches(
    proposal: Proposal, outcome: str, matches: Mapping[int, int | None], checker_id: int
) -> None:
    """Raise Rejected where a proposal would pass before it is known whom it is to avoid.

    A reviewer who may be meant does not say who is.
    """
    if not proposal.avoided:
        return
    entries = avoided_entries(proposal)
    is_reviewer = REVIEWER in db.session.get_one(Person, checker_id).roles
    if is_reviewer and avoidance.may_mean(entries, matches, checker_id):
        raise Rejected(avoidance.OWN_NAME)
    if outcome == checklist.PASSED and (entry := avoidance.first_unmatched(entries, matches)):
        raise Rejected(avoidance.unmatched_message(entry), f"{avoidance.FIELD_PREFIX}{entry.id}")


def store_matches(proposal: Proposal, matches: Mapping[int, int | None], checker_id: int) -> None:
    """Store entry -> person, None for nobody of that name; one audit line for each that changes.

    Entries that are not among `matches` stay as they were matched before.
    """
    for row in proposal.avoided:
        if row.id not in matches:
            continue
        person_id = matches[row.id]
        if row.matched_at is not None and row.person_id == person_id:
            continue
        row.person_id, row.matched_by_id, row.matched_at = person_id, checker_id, clock.now()
        detail = {"entry": row.id, "person_found": person_id is not None}
        audit.record("proposal.match_avoided", proposal, detail=detail)
