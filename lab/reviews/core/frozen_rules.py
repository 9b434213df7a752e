"""The rules of a round as input of scoring: frozen once review has opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from lab.calls.models.call import Call
from lab.calls.rules.freezing import read_rules
from lab.reviews.scoring.inputs import Criterion, Direction, RoundRules


def criterion_of(row: Any) -> Criterion:
    """Return a stored or frozen criterion as input of the pure modules."""
    return Criterion(
        key=row.key,
        weight=row.weight,
        lo=row.lo,
        hi=row.hi,
        step=row.step,
        direction=cast(Direction, row.direction),
        required=row.required,
        label=row.name,
    )


def rules_of(call: Call) -> RoundRules:
    """Return the rules of the call: from the frozen text once there is one, else the stored ones.

    Raises ValueError while the call has no counted criterion.
    """
    source: Any = read_rules(call.rules_frozen) if call.rules_frozen else call
    rows: Sequence[Any] = source.criteria
    return RoundRules(
        criteria=tuple(criterion_of(row) for row in rows),
        places=source.places,
        trim=source.trim,
        minimum_sheets=source.minimum_sheets,
    )
