"""The canonical text and its fingerprint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from lab.canonical import canonical_json, fingerprint, short


@dataclass(frozen=True)
class Row:
    name: str
    score: Decimal | None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        (("评", "审"), '["评","审"]'),
        ("e\u0301", '"é"'),
        (Decimal("84.180"), '"84.18"'),
        (Decimal("-0.00"), '"0"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("100"), '"100"'),
        (Decimal("0.0000001"), '"0.0000001"'),
        (date(2022, 7, 1), '"2022-07-01"'),
        (datetime(2022, 7, 1, 1, 5, tzinfo=UTC), '"2022-07-01T01:05:00Z"'),
        (
            datetime(2022, 7, 1, 9, 5, tzinfo=timezone(timedelta(hours=8))),
            '"2022-07-01T01:05:00Z"',
        ),
        (Row("甲", None), '{"name":"甲","score":null}'),
        ([], "[]"),
    ],
)
def test_content_has_one_text(value: object, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize("value", [1.0, float("nan"), [0.5], {"a": {"b": 1.5}}, object(), Row, {1}])
def test_values_without_a_fixed_text_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        canonical_json(value)


@pytest.mark.parametrize(
    "value",
    [
        Decimal("NaN"),
        Decimal("Infinity"),
        datetime(2022, 7, 1),
        {1: "a"},
        {"é": 1, "e\u0301": 2},
        "\ud800",
    ],
)
def test_ambiguous_values_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"finite|zone|keys|surrogates"):
        canonical_json(value)


def test_the_fingerprint_ignores_key_order() -> None:
    expected = hashlib.sha256('{"a":"1.5","评":2}'.encode()).hexdigest()
    assert fingerprint({"评": 2, "a": Decimal("1.50")}) == expected
    assert fingerprint({"a": Decimal("1.5"), "评": 2}) == expected
    assert fingerprint({"a": Decimal("1.5"), "评": 3}) != expected


def test_the_short_form_is_the_first_eight_digits() -> None:
    assert short("0123456789abcdef") == "01234567"
    with pytest.raises(ValueError, match="fingerprint"):
        short("0123456")
