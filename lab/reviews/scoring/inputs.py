"""Input of scoring: criteria with their scales, score sheets, rules. Plain data, exact.

Weights and scores are Decimal or int, never float. A criterion's utility is the position on its own
scale, 0 to 100, so that criteria with different scales can be weighted together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

Direction = Literal["benefit", "cost", "info"]
Exact = Decimal | int

SUBMITTED = "submitted"
DIRECTION_LABELS: dict[str, str] = {
    "benefit": "越高得分越高",
    "cost": "越低得分越高",
    "info": "仅展示不计分",
}


class ScoreError(ValueError):
    """A score outside its scale or off its step; `message` says so in Chinese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def to_fraction(value: Exact) -> Fraction:
    """Return the value as a fraction. Raises TypeError for a float, ValueError unless finite."""
    if isinstance(value, float):
        raise TypeError("floats have no place in scoring")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError("a score or weight must be finite")
    return Fraction(value)


def format_value(value: Exact) -> str:
    """Format without trailing zeros: 7.5, 100."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Criterion:
    """One criterion: `weight` ≥ 0 (any unit, normalised by the sum), scale lo–hi in steps.

    `direction` benefit: more is better; cost: less is better; info: shown, never counted.
    `required`: a sheet without a score is not valid. Raises ValueError for a scale that its step
    does not divide, a negative weight or an unknown direction.
    """

    key: str
    weight: Exact
    lo: Exact = 0
    hi: Exact = 100
    step: Exact = 1
    direction: Direction = "benefit"
    required: bool = True
    label: str = ""

    def __post_init__(self) -> None:
        if to_fraction(self.weight) < 0:
            raise ValueError(f"{self.key}: a weight must not be negative")
        if to_fraction(self.step) <= 0 or to_fraction(self.lo) >= to_fraction(self.hi):
            raise ValueError(f"{self.key}: the scale must rise in positive steps")
        if (
            (to_fraction(self.hi) - to_fraction(self.lo)) / to_fraction(self.step)
        ).denominator != 1:
            raise ValueError(f"{self.key}: the step must divide the scale")
        if self.direction not in get_args(Direction):
            raise ValueError(f"{self.key}: unknown direction {self.direction}")

    @property
    def name(self) -> str:
        """The label, or the key where there is none."""
        return self.label or self.key

    @property
    def counted(self) -> bool:
        """Whether the criterion counts towards the score."""
        return self.direction != "info" and self.weight > 0

    @property
    def steps(self) -> int:
        """The number of steps from the low to the high end."""
        return int((to_fraction(self.hi) - to_fraction(self.lo)) / to_fraction(self.step))

    def position_of(self, value: Exact) -> int:
        """Return the steps from the bad end (0) to the good end.

        Raises ScoreError off the scale.
        """
        at = (to_fraction(value) - to_fraction(self.lo)) / to_fraction(self.step)
        if at.denominator != 1 or not 0 <= at <= self.steps:
            raise ScoreError(
                f"{self.name}须在{format_value(self.lo)}至{format_value(self.hi)}之间，最小单位{format_value(self.step)}。"
            )
        return self.steps - int(at) if self.direction == "cost" else int(at)


def utility(criterion: Criterion, value: Exact) -> Fraction:
    """Return the score's position on the scale, exactly 0–100, 100 being best.

    The scale's bounds count, never the observed ones; an info criterion reads as benefit. Raises
    ScoreError for a value outside the scale or off its step.
    """
    return Fraction(100 * criterion.position_of(value), criterion.steps)


@dataclass(frozen=True)
class ScoreInput:
    """One reviewer's scores; None or a missing key is a blank, unknown keys are ignored.

    Only status "submitted" counts: drafts, recusals and abstentions are left out. `reviewer` is any
    text that identifies the reviewer within the round.
    """

    reviewer: str
    status: str
    scores: Mapping[str, Exact | None]


@dataclass(frozen=True)
class RoundRules:
    """The frozen rules of a round: `places` ≥ 1, trimming, minimum number of valid sheets ≥ 1.

    Raises ValueError for duplicate keys, no counted criterion, or numbers below 1.
    """

    criteria: tuple[Criterion, ...]
    places: int
    trim: bool = False
    minimum_sheets: int = 3

    def __post_init__(self) -> None:
        if len({c.key for c in self.criteria}) != len(self.criteria):
            raise ValueError("two criteria share one key")
        if not any(c.counted for c in self.criteria):
            raise ValueError("the weights must add up to more than 0")
        if self.places < 1 or self.minimum_sheets < 1:
            raise ValueError("places and least sheets begin at 1")


@dataclass(frozen=True)
class RankedProposal:
    """A proposal in the round. `confirmed`: the chair accepts fewer sheets than the minimum."""

    key: str
    number: str
    sheets: tuple[ScoreInput, ...]
    confirmed: bool = False
