"""Findings about reported figures, and figures as quoted in their messages."""

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
    """One finding: block (must be fixed), confirm (needs an explanation) or note (information).

    `indicator` is where the page shows it, "" when it concerns the whole report; `beside` are the
    other indicators involved, each of which may be the wrong one.
    """

    level: Level
    code: str
    indicator: str
    message: str
    beside: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether it must be fixed before submission."""
        return self.level == "block"

    @property
    def needs_note(self) -> bool:
        """Whether it must be explained before submission."""
        return self.level == "confirm"

    @property
    def about(self) -> tuple[str, ...]:
        """Every indicator involved; empty when it concerns the whole report."""
        return (self.indicator, *self.beside) if self.indicator else ()

    def concerns(self, codes: Container[str]) -> bool:
        """Return whether it involves one of these indicators, or the whole report."""
        return not self.indicator or any(code in codes for code in self.about)


def format_value(code: str, value: Decimal, *, grouped: bool = True) -> str:
    """Format the figure as pages show it; `grouped` False for the sentences of documents.

    Raises KeyError for an unknown code.
    """
    spec = INDICATORS[code]
    return format_measured(value, spec.unit, spec.decimals, grouped=grouped)


def blocking_finding(code: str, indicator: str, message: str, *beside: str) -> Finding:
    """Return a blocking finding about `indicator` and those `beside` it."""
    return Finding("block", code, indicator, message, beside)


def format_in_unit(spec: Indicator, value: Decimal) -> str:
    """Format a figure in the indicator's own unit, never scaled."""
    return format_figure(value, spec.unit, spec.decimals)
