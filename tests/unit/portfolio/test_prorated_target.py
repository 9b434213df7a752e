"""Where an indicator should stand on a day, and how much of its target is reached."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from lab.portfolio.rules.prorated_target import (
    attainment,
    completion,
    decimal_of,
    elapsed_share,
    prorated_value,
)
from tests.support.builders.targets import END, START, TODAY, wallet_measure


def test_half_of_the_time_plans_half_of_the_target() -> None:
    assert elapsed_share(START, END, TODAY) == Fraction(92, 184)
    assert prorated_value(wallet_measure("85")) == 100
    assert attainment(wallet_measure("85")) == Fraction(85, 100)


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


STAGED = ((date(2022, 9, 30), Decimal(400)), (date(2022, 12, 31), Decimal(1320)))


@pytest.mark.parametrize(
    ("day", "planned"),
    [
        (date(2022, 6, 30), 100),
        (date(2022, 8, 15), 250),  # 46 of 92 days from 100 to 400
        (date(2022, 9, 30), 400),
        (date(2022, 10, 1), 410),  # 1 of 92 days from 400 to 1320
        (date(2022, 11, 15), 860),
        (date(2022, 12, 31), 1320),
        (date(2023, 1, 31), 1320),
    ],
)
def test_the_plan_runs_straight_from_stage_to_stage(day: date, planned: int) -> None:
    measure = wallet_measure("0", stages=STAGED, base=Decimal(100), as_of=day)
    assert prorated_value(measure) == planned
    assert measure.target == 1320


DOWN = {"direction": "down"}


@pytest.mark.parametrize(
    ("actual", "base", "target", "more", "share"),
    [
        ("150", "0", "200", {}, "3/4"),
        ("150", "100", "200", {}, "3/4"),  # of the target, not of the growth
        ("250", "100", "200", {}, "5/4"),
        ("80", "100", "60", {}, "1/2"),  # a target below its base falls
        ("60", "100", "60", {}, "1"),
        ("40", "100", "60", {}, "3/2"),
        ("120", "100", "60", {}, "0"),
        ("90", "100", "100", {}, "9/10"),  # to be held
        ("125", "100", "100", DOWN, "4/5"),
        ("0", "100", "100", DOWN, "1"),
        ("0", "0", "0", {}, "1"),
        ("3", "0", "0", {}, "1"),
        ("3", "0", "0", DOWN, "0"),
        ("0", "0", "0", DOWN, "1"),
        ("30", "100", "40", {"flow": True}, "3/4"),  # a flow has no base
        ("0", "50", "0", {"flow": True}, "1"),
        ("60", "50", "80", {"ratio": True}, "3/4"),
    ],
)
def test_completion_follows_where_the_target_lies(
    actual: str, base: str, target: str, more: dict[str, Any], share: str
) -> None:
    assert completion(wallet_measure(actual, target, base=Decimal(base), **more)) == Fraction(share)
    assert completion(wallet_measure(None, target, base=Decimal(base), **more)) is None


@pytest.mark.parametrize(
    ("actual", "base", "target", "more", "share"),
    [
        ("145", "100", "300", {}, "45/100"),
        ("90", "100", "60", {}, "1/2"),  # planned to have fallen by 20
        ("110", "100", "60", {}, "-1/2"),
        ("50", "100", "400", {"flow": True}, "1/4"),
        ("90", "100", "100", {}, "9/10"),
        ("60", "0", "80", {"ratio": True}, "3/4"),
        ("3", "0", "0", DOWN, "0"),
        ("90", "100", "", {"stages": ((TODAY, Decimal(100)), (END, Decimal(300)))}, "9/10"),
    ],
)
def test_the_light_compares_growth_with_planned_growth(
    actual: str, base: str, target: str, more: dict[str, Any], share: str
) -> None:
    measure = wallet_measure(actual, target or "0", base=Decimal(base), **more)
    assert attainment(measure) == Fraction(share)


def test_thirds_stay_exact() -> None:
    third = wallet_measure("30", target="100", start=TODAY, end=date(2022, 10, 2))
    assert prorated_value(third) == Fraction(100, 3)
    assert attainment(third) == Fraction(9, 10)


def test_no_light_before_the_plan_begins_or_without_figures() -> None:
    assert attainment(wallet_measure("5", as_of=START - timedelta(days=1))) is None
    assert attainment(wallet_measure(None)) is None


def test_a_target_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before its start"):
        wallet_measure("1", end=START - timedelta(days=1))
    with pytest.raises(ValueError, match="a stage"):
        wallet_measure("1", stages=())
    assert elapsed_share(START, START, START) == 1


@pytest.mark.parametrize(
    ("value", "text"), [("1/3", "0.33"), ("1/8", "0.13"), ("-1/8", "-0.13"), ("100", "100.00")]
)
def test_shown_figures_round_half_up(value: str, text: str) -> None:
    assert str(decimal_of(Fraction(value))) == text
