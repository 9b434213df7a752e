"""Match whom the applicant wants to avoid with people, as part of a formality check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lab import audit, clock
from lab.extensions import db
from lab.identity.models.account import Person
from lab.policy import REVIEWER
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.screening import avoidance
from lab.proposals.screening.avoided.queries import avoided_entries
from lab.rejected import Rejected


def require_other_checker(
    proposal: Proposal, matches: Mapping[int, int | None], checker_id: int
) -> None:
    """Raise Rejected where a reviewer who may be meant would say who is."""
    if not proposal.avoided or REVIEWER not in db.session.get_one(Person, checker_id).roles:
        return
    if avoidance.may_mean(avoided_entries(proposal), matches, checker_id):
        raise Rejected(avoidance.OWN_NAME)


def missing_matches(proposal: Proposal, matches: Mapping[int, int | None]) -> Iterator[Rejected]:
    """Iterate over what keeps a proposal from passing: entries of which nobody knows who it is."""
    for entry in avoidance.unmatched(avoided_entries(proposal), matches):
        field = f"{avoidance.FIELD_PREFIX}{entry.id}"
        yield Rejected(avoidance.unmatched_message(entry), field)


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
