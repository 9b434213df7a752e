"""What the editor of criteria shows beside its form."""

from __future__ import annotations

from dataclasses import dataclass

from lab.calls.models.call import Call
from lab.calls.rules.round_rules import MAX_CRITERIA, weight_sum


@dataclass(frozen=True)
class CriteriaPage:
    """A draft's criteria: `total` is the sum of the stored weights, which should be 100, `most`
    how many criteria a call may have."""

    call: Call
    total: int
    most: int


def criteria_page(call: Call) -> CriteriaPage:
    """Build what stands beside the editor of the draft's criteria."""
    return CriteriaPage(call, weight_sum(call.criteria), MAX_CRITERIA)
