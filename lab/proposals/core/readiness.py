"""Everything that stands between a draft and its submission: its content, and for a joint
application the partner unit's confirmation."""

from __future__ import annotations

from lab.proposals.core import content
from lab.proposals.core.editing import leftovers_of
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.completeness import Gap, gaps
from lab.proposals.rules.confirmation import confirmation_gap


def content_gaps(proposal: Proposal) -> tuple[Gap, ...]:
    """What the content lacks: all that the partner unit must not be asked with."""
    return gaps(proposal, leftovers_of(proposal))


def lacking(proposal: Proposal) -> tuple[Gap, ...]:
    """What the submission lacks, in the order of the form, the confirmation last."""
    found = content_gaps(proposal)
    return (*found, *confirmation_gap(content.standing(proposal), found))
