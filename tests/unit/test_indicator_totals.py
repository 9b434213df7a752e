"""What totals contain."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lab.indicators.totals import Part, Sum, average_payment, project_total, year_total


def test_only_approved_figures_reach_a_total_and_shared_objects_count_once() -> None:
    parts = [
        Part(1, 1, Decimal(100), True),
        Part(2, 2, Decimal(10), False),
        Part(3, 1, Decimal(100), True),  # the same wallets, seen from a second project
        Part(4, 4, None, True),
        Part(5, 5, Decimal(0), True),
    ]
    assert project_total("K01", parts) == Sum(Decimal(100), reported=2, missing=2)


def test_nothing_reported_is_not_zero() -> None:
    assert project_total("K01", [Part(1, 1, None, True)]) == Sum(None, 0, 1)
    assert project_total("K01", []) == Sum(None, 0, 0)


def test_ratios_are_not_added() -> None:
    for code in ("K11", "K13"):
        with pytest.raises(ValueError, match="ratio"):
            project_total(code, [])


def test_a_year_adds_flows_only() -> None:
    assert year_total("K10", [Decimal("0.10"), None, Decimal("0.20")]) == Sum(Decimal("0.30"), 2, 1)
    for code in ("K01", "K03", "K08", "K12"):
        with pytest.raises(ValueError, match="periods"):
            year_total(code, [Decimal(1)])


@pytest.mark.parametrize(
    ("count", "amount", "expected"),
    [("3", "100", "33.33"), ("0", "0", None), (None, "1", None), ("1", None, None)],
)
def test_the_average_payment_is_derived(
    count: str | None, amount: str | None, expected: str | None
) -> None:
    sides = [None if text is None else Decimal(text) for text in (count, amount)]
    found = average_payment({"K09": sides[0], "K10": sides[1]})
    assert found == (None if expected is None else Decimal(expected))
