"""Stages of a target: one indicator, several dates, one base value. Pure.

Office rule: the figures promised for one indicator at different dates are stages of one target;
they share the base value, and those of a cumulative indicator never fall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lab.amounts import format_trimmed
from lab.catalogue.indicators import INDICATORS
from lab.clock import cn_date

Row = Mapping[str, Any]  # indicator, base (None where blank), target, due_on


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with the cell of a row; `number` counts rows from 1."""

    number: int
    column: str
    message: str


def with_bases(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows with the base value of their indicator, 0 where none is given."""
    bases: dict[str, Decimal] = {}
    for row in rows:
        if row["base"] is not None:
            bases.setdefault(row["indicator"], row["base"])
    return [{**row, "base": bases.get(row["indicator"], Decimal(0))} for row in rows]


def stage_problems(numbered: Iterable[tuple[int, Row]]) -> Iterator[RowProblem]:
    """Yield what contradicts an earlier stage of the same indicator.

    `numbered` are the complete rows with their numbers on the page.
    """
    stages: dict[str, list[tuple[int, Row]]] = {}
    for number, row in numbered:
        stages.setdefault(row["indicator"], []).append((number, row))
    for code, rows in stages.items():
        yield from _different_bases(rows)
        if INDICATORS[code].kind == "C":
            yield from _falling(sorted(rows, key=lambda pair: pair[1]["due_on"]))


def _different_bases(rows: Sequence[tuple[int, Row]]) -> Iterator[RowProblem]:
    given = [(number, row["base"]) for number, row in rows if row["base"] is not None]
    for number, base in given[1:]:
        if base != given[0][1]:
            message = (
                f"同一指标只有一个起始值，第{given[0][0]}行填的是{format_trimmed(given[0][1])}。"
            )
            yield RowProblem(number, "base", message)


def _falling(rows: Sequence[tuple[int, Row]]) -> Iterator[RowProblem]:
    for (earlier_number, earlier), (number, row) in pairwise(rows):
        if row["target"] < earlier["target"]:
            value = format_trimmed(earlier["target"])
            message = (
                f"累计指标不能比更早的阶段小，第{earlier_number}行"
                f"（{cn_date(earlier['due_on'])}）是{value}。"
            )
            yield RowProblem(number, "target", message)
