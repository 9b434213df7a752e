"""Where an indicator should stand on a day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from lab.portfolio.plan import Measure, attainment, decimal_of, elapsed_share, planned_value

TODAY = date(2022, 9, 30)
START, END = date(2022, 7, 1), date(2022, 12, 31)


def wallets(actual: str | None, target: str = "200", **changes: Any) -> Measure:
    fields = {"start": START, "end": END, "as_of": TODAY, **changes}
    value = None if actual is None else Decimal(actual)
    return Measure("开立个人钱包数", "个", Decimal(target), value, **fields)


def test_half_of_the_time_plans_half_of_the_target() -> None:
    assert elapsed_share(START, END, TODAY) == Fraction(92, 184)
    assert planned_value(wallets("85")) == 100
    assert attainment(wallets("85")) == Fraction(85, 100)


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (START - timedelta(days=1), Fraction(0)),
        (START, Fraction(1, 184)),
        (END, Fraction(1)),
        (END + timedelta(days=30), Fraction(1)),
    ],
)
def test_the_plan_runs_from_the_first_day_to_the_last(day: date, share: Fraction) -> None:
    assert elapsed_share(START, END, day) == share


def test_growth_counts_from_the_base_and_an_agreed_curve_replaces_the_plan() -> None:
    assert attainment(wallets("145", target="300", base=Decimal(100))) == Fraction(45, 100)
    assert attainment(wallets("85", planned=Decimal(85))) == 1


def test_thirds_stay_exact() -> None:
    third = wallets("30", target="100", start=TODAY, end=date(2022, 10, 2))
    assert planned_value(third) == Fraction(100, 3)
    assert attainment(third) == Fraction(9, 10)


@pytest.mark.parametrize("changes", [{"target": "0"}, {"as_of": START - timedelta(days=1)}])
def test_without_planned_growth_there_is_no_attainment(changes: dict[str, Any]) -> None:
    assert attainment(wallets("5", **changes)) is None
    assert attainment(wallets(None)) is None


def test_a_target_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before its start"):
        wallets("1", end=START - timedelta(days=1))
    assert elapsed_share(START, START, START) == 1


@pytest.mark.parametrize(
    ("value", "text"), [("1/3", "0.33"), ("1/8", "0.13"), ("-1/8", "-0.13"), ("100", "100.00")]
)
def test_shown_figures_round_half_up(value: str, text: str) -> None:
    assert str(decimal_of(Fraction(value))) == text
