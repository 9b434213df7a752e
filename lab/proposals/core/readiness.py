"""Everything that prevents submission.

The content, and for a joint application the partner unit's confirmation.
"""

from __future__ import annotations

from lab.proposals.core.content import content
from lab.proposals.core.editing import invalid_input_of
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.completeness import MissingItem, missing_items
from lab.proposals.rules.joint.confirmation import missing_confirmation


def missing_content(proposal: Proposal) -> tuple[MissingItem, ...]:
    """Return what the content lacks.

    The partner unit must not be asked while anything is missing.
    """
    return missing_items(proposal, invalid_input_of(proposal))


def submission_blockers(proposal: Proposal) -> tuple[MissingItem, ...]:
    """Return what submission lacks, in form order, the confirmation last."""
    missing = missing_content(proposal)
    return (*missing, *missing_confirmation(content.confirmation_status(proposal), missing))
