"""Everything that stands between a draft and its submission: its content, and for a joint
application the partner unit's confirmation."""

from __future__ import annotations

from lab.proposals.core import content
from lab.proposals.core.editing import invalid_input_of
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.completeness import MissingItem, missing_items
from lab.proposals.rules.confirmation import missing_confirmation


def missing_content(proposal: Proposal) -> tuple[MissingItem, ...]:
    """What the content lacks: all that the partner unit must not be asked with."""
    return missing_items(proposal, invalid_input_of(proposal))


def submission_blockers(proposal: Proposal) -> tuple[MissingItem, ...]:
    """What the submission lacks, in the order of the form, the confirmation last."""
    missing = missing_content(proposal)
    return (*missing, *missing_confirmation(content.confirmation_status(proposal), missing))
