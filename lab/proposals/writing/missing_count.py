"""The number of missing items of a draft, stored beside its text.

So the office's overview need not read the texts; every save writes it in the same transaction.
"""

from __future__ import annotations

from sqlalchemy import select, update

from lab import audit
from lab.db import reading, writing
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.completeness import affected_steps, missing_in, missing_items
from lab.proposals.rules.form.schema import BY_SLUG
from lab.proposals.rules.lifecycle import ProposalStatus

NEARLY_COMPLETE = 2  # office rule: a draft with at most so many missing items is nearly complete
BATCH_SIZE = 50


def missing_count(proposal: Proposal) -> int:
    """Return the number of missing items in the current proposal."""
    return len(missing_items(proposal, proposal.invalid_input or {}))


def lacking_before(proposal: Proposal, slug: str) -> int | None:
    """Return how much the steps that a save of this one affects lack before it.

    None where everything is counted anew: without a step, or before a first count.
    """
    if slug not in BY_SLUG or proposal.missing_count is None:
        return None
    return len(missing_in(proposal, proposal.invalid_input or {}, affected_steps(slug)))


def count_after(proposal: Proposal, slug: str, before: int | None) -> int:
    """Return the number of missing items after a save of a step that lacked `before`."""
    if before is None or proposal.missing_count is None:
        return missing_count(proposal)
    after = missing_in(proposal, proposal.invalid_input or {}, affected_steps(slug))
    return proposal.missing_count - before + len(after)


def count_uncounted() -> None:
    """Count drafts that were never counted: those from before the count existed."""
    uncounted = (
        select(Proposal)
        .where(Proposal.status == ProposalStatus.DRAFT, Proposal.missing_count.is_(None))
        .order_by(Proposal.id)
        .limit(BATCH_SIZE)
    )
    with reading() as session:
        counts = [(row.id, row.version, missing_count(row)) for row in session.scalars(uncounted)]
    if not counts:
        return
    with writing() as session:
        for number, version, missing in counts:
            # A draft saved meanwhile has counted itself. The text is the same: no new version.
            session.execute(
                update(Proposal)
                .where(Proposal.id == number, Proposal.version == version)
                .values(missing_count=missing)
            )
        detail = {"count": len(counts), "by": "clock"}
        audit.record("proposal.count_gaps", detail=detail, session=session, object_type="Proposal")
