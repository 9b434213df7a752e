"""Several dates for one indicator are stages of one target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lab.catalogue.indicators import ENTERED, INDICATORS
from lab.proposals.rules.stages import stage_problems, with_bases

JUNE, NOVEMBER, DECEMBER = date(2026, 6, 30), date(2026, 11, 30), date(2026, 12, 31)


def row(code: str, target: int, due: date, base: int | None = None) -> dict[str, Any]:
    return {
        "indicator": code,
        "base": None if base is None else Decimal(base),
        "target": Decimal(target),
        "due_on": due,
    }


FIRST = row("K01", 1000, JUNE, 10)
CASES = [
    ([FIRST, row("K01", 3000, NOVEMBER)], []),
    ([FIRST, row("K01", 3000, NOVEMBER, 10)], []),
    ([FIRST, row("K01", 1000, NOVEMBER)], []),
    ([FIRST, row("K04", 5, NOVEMBER, 0)], []),
    (
        [FIRST, row("K01", 3000, NOVEMBER, 0)],
        [(2, "base", "同一指标只有一个起始值，第1行填的是10。")],
    ),
    (
        [FIRST, row("K01", 999, NOVEMBER)],
        [(2, "target", "累计指标不能比更早的阶段小，第1行（2026年6月30日）是1,000。")],
    ),
    # The order on the page does not matter, the dates do.
    (
        [row("K01", 999, NOVEMBER), FIRST, row("K01", 998, DECEMBER)],
        [
            (1, "target", "累计指标不能比更早的阶段小，第2行（2026年6月30日）是1,000。"),
            (3, "target", "累计指标不能比更早的阶段小，第1行（2026年11月30日）是999。"),
        ],
    ),
]


@pytest.mark.parametrize(("rows", "problems"), CASES)
def test_stages_that_contradict_each_other_are_named(rows: list[Any], problems: list[Any]) -> None:
    numbered = list(enumerate(rows, start=1))
    found = [(p.number, p.column, p.message) for p in stage_problems(numbered)]
    assert found == problems


def test_a_stock_may_fall_from_stage_to_stage() -> None:

    stock = next(code for code in ENTERED if INDICATORS[code].kind != "C")
    assert not [*stage_problems([(1, row(stock, 9, JUNE)), (2, row(stock, 5, NOVEMBER))])]


def test_a_base_given_once_holds_for_all_stages() -> None:
    rows = [row("K01", 1, JUNE), row("K01", 2, NOVEMBER, 7), row("K04", 3, JUNE)]
    assert [each["base"] for each in with_bases(rows)] == [7, 7, 0]
    assert [each["base"] for each in rows] == [None, 7, None]
