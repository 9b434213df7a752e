"""A finding about reported figures, and how sentences quote a figure."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lab.catalogue.indicators import INDICATORS, Indicator
from lab.indicators.rules.amounts import format_figure, format_measured

Level = Literal["block", "confirm", "note"]


@dataclass(frozen=True)
class Finding:
    """One finding at level block (mend first), confirm (explain) or note (only shown).

    `indicator` is where the page shows it, empty when it concerns the whole report; `beside` are
    the other indicators it is about, each of which may be the wrong one.
    """

    level: Level
    code: str
    indicator: str
    message: str
    beside: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """Every indicator it is about; empty when it concerns the whole report."""
        return (self.indicator, *self.beside) if self.indicator else ()

    def concerns(self, codes: Container[str]) -> bool:
        """Whether it is about one of these indicators, or about the whole report."""
        return not self.indicator or any(code in codes for code in self.about)


def format_value(code: str, value: Decimal, *, grouped: bool = True) -> str:
    """The figure as pages show it; `grouped` False for the sentences of documents.

    Raises KeyError for an unknown code.
    """
    spec = INDICATORS[code]
    return format_measured(value, spec.unit, spec.decimals, grouped=grouped)


def blocking_finding(code: str, indicator: str, message: str, *beside: str) -> Finding:
    """A finding that must be mended, about `indicator` and those `beside` it."""
    return Finding("block", code, indicator, message, beside)


def format_in_unit(spec: Indicator, value: Decimal) -> str:
    """The figure in the indicator's own unit, never scaled."""
    return format_figure(value, spec.unit, spec.decimals)
