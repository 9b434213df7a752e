"""A finding about reported figures, and how sentences quote a figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lab.indicator_dictionary import INDICATORS, Indicator
from lab.indicators.amounts import format_figure, format_measured

Level = Literal["block", "confirm", "note"]


@dataclass(frozen=True)
class Finding:
    """One finding at level block (mend first), confirm (explain) or note (only shown).

    `indicator` is empty when the finding concerns the whole report.
    """

    level: Level
    code: str
    indicator: str
    sentence: str


def shown(code: str, value: Decimal, *, grouped: bool = True) -> str:
    """The figure as pages show it; `grouped` False for the sentences of documents.

    Raises KeyError for an unknown code.
    """
    spec = INDICATORS[code]
    return format_measured(value, spec.unit, spec.decimals, grouped=grouped)


def block(code: str, indicator: str, sentence: str) -> Finding:
    """A finding that must be mended."""
    return Finding("block", code, indicator, sentence)


def figure(spec: Indicator, value: Decimal) -> str:
    """The figure in the indicator's own unit, never scaled."""
    return format_figure(value, spec.unit, spec.decimals)
