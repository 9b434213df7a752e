"""What totals contain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lab.indicators.rules.totals import Figure, Sum, average_payment, project_total, year_total

JULY, AUGUST, SEPTEMBER = date(2022, 7, 31), date(2022, 8, 31), date(2022, 9, 30)


def figures(*rows: tuple[int, date, str]) -> list[Figure]:
    return [Figure(project, end, Decimal(value)) for project, end, value in rows]


def test_a_count_carries_until_the_next_one() -> None:
    known = figures((1, JULY, "100"), (1, AUGUST, "120"), (2, JULY, "10"), (3, SEPTEMBER, "0"))
    found = project_total("K01", known, SEPTEMBER, expected={1, 2, 3, 4})
    assert found == Sum(Decimal(130), reported=3, missing=1, carried=2, oldest=JULY)
    assert project_total("K01", known, JULY).value == 110


def test_a_flow_counts_in_its_own_month_only() -> None:
    known = figures((1, AUGUST, "100"), (2, SEPTEMBER, "10"))
    found = project_total("K09", known, SEPTEMBER, expected={1, 2})
    assert found == Sum(Decimal(10), reported=1, missing=1)


@pytest.mark.parametrize(
    ("ended", "value"),
    [(None, 110), (date(2022, 10, 1), 110), (SEPTEMBER, 110), (date(2022, 9, 15), 10)],
)
def test_a_figure_is_carried_no_further_than_the_project(ended: date | None, value: int) -> None:
    known = figures((1, AUGUST, "100"), (2, SEPTEMBER, "10"))
    gone = {1: ended} if ended else {}
    assert project_total("K06", known, SEPTEMBER, {1, 2}, gone).value == value


def test_a_figure_of_the_month_of_the_end_counts_in_that_month() -> None:
    known = figures((1, SEPTEMBER, "100"))
    gone = {1: date(2022, 9, 15)}
    assert project_total("K01", known, SEPTEMBER, {1}, gone) == Sum(Decimal(100), 1, 0)
    assert project_total("K01", [], SEPTEMBER, {1}, gone).missing == 0


def test_nothing_reported_is_not_zero() -> None:
    assert project_total("K01", [], SEPTEMBER, {1}) == Sum(None, 0, 1)
    assert project_total("K01", [], SEPTEMBER) == Sum(None, 0, 0)


def test_ratios_are_not_added() -> None:
    for code in ("K11", "K13"):
        with pytest.raises(ValueError, match="ratio"):
            project_total(code, [], SEPTEMBER)


def test_a_year_adds_flows_only() -> None:
    known = figures((1, date(2021, 12, 31), "9"), (1, AUGUST, "0.10"), (2, SEPTEMBER, "0.20"))
    assert year_total("K10", known, [AUGUST, SEPTEMBER]) == Sum(Decimal("0.30"), 2, 0)
    assert year_total("K10", known, [AUGUST], {1, 2}) == Sum(Decimal("0.10"), 1, 1)
    assert year_total("K10", known, [AUGUST], {1, 2}, {2: JULY}).missing == 0
    for code in ("K01", "K03", "K08", "K12", "K15"):
        with pytest.raises(ValueError, match="periods"):
            year_total(code, [], [SEPTEMBER])


@pytest.mark.parametrize(
    ("amounts", "counts", "expected"),
    [
        ({1: "100"}, {1: "3"}, Sum(Decimal("33.33"), 1, 0)),
        ({1: "3000"}, {1: "100", 2: "900"}, Sum(Decimal("30.00"), 1, 1)),
        ({1: "0"}, {1: "0"}, Sum(None, 1, 0)),
        ({1: "1"}, {2: "1"}, Sum(None, 0, 2)),
        ({1: "10", 2: "20"}, {1: "1", 2: "2"}, Sum(Decimal("10.00"), 2, 0)),
    ],
)
def test_the_average_payment_is_of_projects_that_have_both(
    amounts: dict[int, str], counts: dict[int, str], expected: Sum
) -> None:
    above, below = (
        [Figure(project, SEPTEMBER, Decimal(value)) for project, value in side.items()]
        for side in (amounts, counts)
    )
    assert average_payment(above, below, [SEPTEMBER]) == expected
    assert average_payment(above, below, [AUGUST]).value is None
    assert average_payment(above, below, [SEPTEMBER], {7}).missing == expected.missing + 1
    gone = average_payment(above, below, [SEPTEMBER], {7}, {7: AUGUST})
    assert gone.missing == expected.missing, "who ended before owes nothing"
