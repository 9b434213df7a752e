"""How money, counts and shares read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lab.indicators.rules.amounts import (
    format_amount,
    format_figure,
    format_measured,
    half_up,
    percent,
    ratio,
)


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        (None, "未报"),
        ("0", "0.00元"),
        ("0.005", "0.01元"),
        ("9999.99", "9,999.99元"),
        ("9999.994", "9,999.99元"),
        ("9999.995", "1.00万元"),
        ("10000", "1.00万元"),
        ("10049.99", "1.00万元"),
        ("10050", "1.01万元"),
        ("1000000", "100.00万元"),
        ("99994999.99", "9,999.50万元"),
        ("99999949.99", "9,999.99万元"),
        ("99999950.00", "1.00亿元"),
        ("99999999.99", "1.00亿元"),
        ("100000000", "1.00亿元"),
        ("100500000", "1.01亿元"),
        ("10004000000", "100.04亿元"),
        ("16700000000000", "167,000.00亿元"),
        ("-10050", "-1.01万元"),
        ("-9999.995", "-1.00万元"),
    ],
)
def test_an_amount_reads_in_the_unit_of_its_size(yuan: str | None, text: str) -> None:
    assert format_amount(None if yuan is None else Decimal(yuan)) == text


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (None, "个", 0, "未报"),
        ("0", "个", 0, "0个"),
        ("19146.00", "个", 0, "19,146个"),
        ("85.5", "%", 2, "85.50%"),
        ("1E+4", "户", 0, "10,000户"),
    ],
)
def test_a_count_reads_with_its_unit_and_zero_is_not_missing(
    value: str | None, unit: str, decimals: int, text: str
) -> None:
    assert format_figure(None if value is None else Decimal(value), unit, decimals) == text


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        ("1250000", "元/月", 2, "125.00万元/月"),
        ("0", "元/月", 2, "0.00元/月"),
        ("1234.5", "元/笔", 2, "1,234.50元/笔"),
        ("19146", "个", 0, "19,146个"),
        ("99999999.99", "元", 2, "1.00亿元"),
        (None, "元/月", 2, "未报"),
    ],
)
def test_money_of_any_unit_is_scaled_and_nothing_else(
    value: str | None, unit: str, decimals: int, text: str
) -> None:
    given = None if value is None else Decimal(value)
    assert format_measured(given, unit, decimals) == text
    plain = format_measured(given, unit, decimals, grouped=False)
    assert plain == text.replace(",", "")


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        ("85", "100", "85.00"),
        ("1", "3", "33.33"),
        ("2", "3", "66.67"),
        ("1", "800", "0.13"),  # 0.125 rounds up
        ("0", "100", "0.00"),
        ("1", "0", None),
        (None, "100", None),
        ("1", None, None),
    ],
)
def test_a_share_is_in_percent_or_missing(
    part: str | None, whole: str | None, share: str | None
) -> None:
    sides = [None if side is None else Decimal(side) for side in (part, whole)]
    assert percent(sides[0], sides[1]) == (None if share is None else Decimal(share))


def test_rounding_happens_once_and_half_goes_up() -> None:
    assert half_up(Decimal("2.445"), 2) == Decimal("2.45")
    assert half_up(Decimal("-2.445"), 2) == Decimal("-2.45")
    assert ratio(Decimal("100.04"), Decimal("3.6")) == Decimal("27.79")
