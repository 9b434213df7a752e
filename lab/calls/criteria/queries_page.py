"""What the editor of criteria shows beside its form."""

from __future__ import annotations

from dataclasses import dataclass

from lab.calls.models.call import Call


@dataclass(frozen=True)
class CriteriaPage:
    """A draft's criteria: `total` is the sum of the stored weights, which should be 100, `most`
    how many criteria a call may have."""

    call: Call
    total: int
    most: int
