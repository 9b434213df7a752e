"""Match whom the applicant wants to avoid with people: in a formality check, or corrected later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lab import audit, clock
from lab.calls.models.call import Call
from lab.db import bump_version, expect_version
from lab.extensions import db
from lab.identity.models.account import Person
from lab.policy import REVIEWER
from lab.proposals.core.editing import lock
from lab.proposals.core.signals import avoided_corrected
from lab.proposals.models.proposal import Proposal, ProposalAvoid
from lab.proposals.rules.lifecycle import MATCH_CORRECTABLE
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
        yield Rejected(avoidance.unmatched_message(entry), entry.field)


def correct_matches(
    proposal: Proposal, version: int | None, matches: Mapping[int, int | None], checker_id: int
) -> int:
    """Correct who the entries mean once the check is done; return how many assignments that ended.

    The rules of recusal read the newest match: receivers of `avoided_corrected` take the proposal
    from those who must not review it. Raises Rejected where nothing would change, where a reviewer
    who may be meant would say who is, and once review has ended; EditConflict when the proposal
    changed since `version`.
    """
    # The call first, as where reviewers are assigned and submit.
    db.session.refresh(proposal.call, with_for_update={"of": Call})
    lock(proposal)
    expect_version(proposal, version)
    if proposal.status not in MATCH_CORRECTABLE:
        raise Rejected(avoidance.TOO_LATE)
    require_other_checker(proposal, matches, checker_id)
    changed = store_matches(proposal, matches, checker_id)
    if not changed:
        raise Rejected(avoidance.UNCHANGED)
    bump_version(proposal)
    found = frozenset(row.person_id for row in changed if row.person_id is not None)
    return sum(ended for _, ended in avoided_corrected.send(proposal=proposal, people=found))


def store_matches(
    proposal: Proposal, matches: Mapping[int, int | None], checker_id: int
) -> list[ProposalAvoid]:
    """Store entry -> person, None for nobody of that name; one audit line for each that changes.

    Entries that are not among `matches` stay as they were matched before. Returns those that
    changed.
    """
    changed = []
    for row in proposal.avoided:
        if row.id not in matches:
            continue
        person_id = matches[row.id]
        if row.matched_at is not None and row.person_id == person_id:
            continue
        detail = {"entry": row.id, "person_found": person_id is not None}
        if row.matched_at is not None:
            detail |= {"person_found_before": row.person_id is not None}
        row.person_id, row.matched_by_id, row.matched_at = person_id, checker_id, clock.now()
        audit.record("proposal.match_avoided", proposal, detail=detail)
        changed.append(row)
    return changed
