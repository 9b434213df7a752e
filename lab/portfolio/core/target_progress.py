"""Where a target stands on a day, for pages, documents and the status light."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lab.portfolio.rules.prorated_target import TargetMeasure, attainment, completion, percent_of


@dataclass(frozen=True)
class TargetProgress:
    """Progress of one target.

    The only source from which pages and documents take the actual figure and its completion.

    `reported_for` is the end of the newest period in the actual figure, None without one; `periods`
    how many periods it sums (1 unless it is a flow), `corrected_in` the ends of those with a
    corrected figure; `carried`: a count or stock of an earlier period than the newest ended one.
    """

    code: str
    measure: TargetMeasure
    reported_for: date | None = None
    periods: int = 0
    corrected_in: tuple[date, ...] = ()
    carried: bool = False

    @property
    def actual(self) -> Decimal | None:
        """The figure that the completion refers to."""
        return self.measure.actual

    @property
    def completion(self) -> Decimal | None:
        """Percent of the target with two decimals, None without a figure."""
        return percent_of(completion(self.measure))

    @property
    def reached(self) -> bool:
        """Whether the target is fully met, exactly, before rounding."""
        return (completion(self.measure) or 0) >= 1

    @property
    def attainment(self) -> Decimal | None:
        """Percent that the light is judged by, with two decimals; None while not judged."""
        return percent_of(attainment(self.measure))

    @property
    def target(self) -> Decimal:
        """The target value: that of the last stage."""
        return self.measure.target

    @property
    def due(self) -> date:
        """The day on which the target is due."""
        return self.measure.end
