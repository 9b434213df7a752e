"""What the portal objects to in reported figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lab.indicators.rules.validation import (
    Context,
    Finding,
    check_merchants,
    check_period,
    check_relations,
    check_report,
    check_zero,
)


def figures(**texts: str | None) -> dict[str, Decimal | None]:
    return {code: None if text is None else Decimal(text) for code, text in texts.items()}


def found(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(item.level, item.code, item.indicator) for item in findings]


@pytest.mark.parametrize(
    ("small", "large"),
    [("K02", "K01"), ("K03", "K01"), ("K05", "K04"), ("K06", "K07"), ("K22", "K23")],
)
def test_a_part_does_not_exceed_its_whole(small: str, large: str) -> None:
    assert check_relations(figures(**{small: "10", large: "10"})) == []
    assert found(check_relations(figures(**{small: "11", large: "10"}))) == [
        ("block", "relation", small)
    ]
    assert check_relations(figures(**{small: "11", large: None})) == []
    assert check_relations(figures(**{small: None, large: "10"})) == []


@pytest.mark.parametrize(
    ("paid", "live", "highest", "signed", "expected"),
    [
        ("10", "8", "10", None, []),
        ("11", "8", "10", None, ["K08"]),
        ("8", "8", None, None, []),
        ("9", "8", None, None, ["K08"]),
        ("9", "9", "8", None, []),
        ("99", None, None, None, []),
        ("1", "8", None, "8", []),
        ("1", "9", None, "8", ["K06"]),
    ],
)
def test_merchants_follow_from_the_most_that_were_live(
    paid: str, live: str | None, highest: str | None, signed: str | None, expected: list[str]
) -> None:
    top, contracts = (None if text is None else Decimal(text) for text in (highest, signed))
    findings = check_merchants(figures(K08=paid, K06=live), top, contracts)
    assert [item.indicator for item in findings] == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"K09": "0", "K10": "0"}, []),
        ({"K09": "1", "K10": "0.01"}, []),
        ({"K09": "0", "K10": "0.01"}, ["K10"]),
        ({"K09": "1", "K10": "0"}, ["K10"]),
        ({"K09": "0", "K10": None}, []),
        ({"K14": "0", "K15": "0"}, []),
        ({"K14": "0", "K15": "5"}, ["K15"]),
        ({"K14": "1", "K15": "5"}, []),
        ({"K14": None, "K15": "5"}, []),
    ],
)
def test_payments_and_amounts_are_zero_together(
    values: dict[str, str | None], expected: list[str]
) -> None:
    assert [item.indicator for item in check_zero(figures(**values))] == expected


JULY, TODAY = date(2022, 7, 31), date(2022, 8, 5)


@pytest.mark.parametrize(
    ("end", "start", "taken", "due", "expected"),
    [
        (JULY, date(2022, 7, 1), [], date(2022, 8, 5), []),
        (JULY, JULY, [], None, []),
        (JULY, None, [], None, []),
        (TODAY, None, [], None, []),
        (date(2022, 8, 6), None, [], None, [("block", "period_future", "")]),
        (JULY, date(2022, 8, 1), [], None, [("block", "period_before_start", "")]),
        (JULY, None, [JULY], None, [("block", "period_taken", "")]),
        (JULY, None, [], date(2022, 8, 4), [("note", "late", "")]),
    ],
)
def test_a_period_is_over_within_the_project_and_new(
    end: date, start: date | None, taken: list[date], due: date | None, expected: object
) -> None:
    assert found(check_period(end, TODAY, start, frozenset(taken), due)) == expected


def test_a_report_is_checked_as_a_whole_ignoring_blanks() -> None:
    values = figures(K01="150", K02="151", K04=None, K09="7", K10="0", K11=None)
    context = Context(previous=figures(K01="200", K04="54", K09="1"))
    assert found(check_report(values, context)) == [
        ("block", "falling", "K01"),
        ("confirm", "jump", "K09"),
        ("block", "relation", "K02"),
        ("block", "zero_pair", "K10"),
    ]
    corrected = Context(previous=context.previous, corrections=frozenset({"K01"}))
    assert found(check_report(values, corrected))[0] == ("confirm", "falling", "K01")


def test_an_unknown_indicator_is_refused() -> None:
    with pytest.raises(KeyError):
        check_report(figures(K99="1"), Context())
