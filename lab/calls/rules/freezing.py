"""Freeze the rules of a call as text with a fingerprint. Pure.

Office rule: criteria, weights, scales, places, trimming and the minimum number of sheets are frozen
when review opens; the fingerprint is published so that anybody can verify that nothing changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from lab.canonical import JsonString, canonical_json, fingerprint


class CriterionRules(Protocol):
    """Frozen fields of one criterion."""

    key: Any
    name: Any
    weight: Any
    lo: Any
    hi: Any
    step: Any
    direction: Any
    required: Any
    rubric: Any


class CallRules(Protocol):
    """Frozen fields of a call."""

    key: Any
    title: Any
    year: Any
    batch: Any
    places: Any
    minimum_sheets: Any
    trim: Any

    @property
    def criteria(self) -> Any: ...


@dataclass(frozen=True)
class FrozenCriterion:
    """A frozen criterion; weight in points, scores lo–hi in steps, rubric rows as stored."""

    key: str
    name: str
    weight: int
    lo: Decimal
    hi: Decimal
    step: Decimal
    direction: str
    required: bool
    rubric: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class FrozenRules:
    """Rules of a round, parsed from the frozen text."""

    places: int
    minimum_sheets: int
    trim: bool
    criteria: tuple[FrozenCriterion, ...]


def _criterion(criterion: CriterionRules) -> dict[str, Any]:
    return {
        "key": criterion.key,
        "name": criterion.name,
        "weight": criterion.weight,
        "lo": criterion.lo,
        "hi": criterion.hi,
        "step": criterion.step,
        "direction": criterion.direction,
        "required": criterion.required,
        "rubric": criterion.rubric,
    }


def freeze_rules(call: CallRules) -> tuple[JsonString, str]:
    """Return (canonical JSON, SHA-256 as 64 hex digits) of a call's rules."""
    criteria: Sequence[CriterionRules] = call.criteria
    rules = {
        "call": {"key": call.key, "title": call.title, "year": call.year, "batch": call.batch},
        "places": call.places,
        "minimum_sheets": call.minimum_sheets,
        "trim": call.trim,
        "criteria": [_criterion(criterion) for criterion in criteria],
    }
    return canonical_json(rules), fingerprint(rules)


def read_rules(text: JsonString) -> FrozenRules:
    """Parse frozen rules. Raises ValueError or KeyError for any other text."""
    rules = text.parsed()
    return FrozenRules(
        places=rules["places"],
        minimum_sheets=rules["minimum_sheets"],
        trim=rules["trim"],
        criteria=tuple(_read_criterion(row) for row in rules["criteria"]),
    )


def _read_criterion(row: dict[str, Any]) -> FrozenCriterion:
    scale = {name: Decimal(row[name]) for name in ("lo", "hi", "step")}
    return FrozenCriterion(**{**row, **scale, "rubric": tuple(row["rubric"])})
