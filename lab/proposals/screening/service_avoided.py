"""Match whom the applicant wants to avoid with people, as part of a formality check."""

from __future__ import annotations

from collections.abc import Mapping

from lab import audit, clock
from lab.proposals.models.proposal import Proposal


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
