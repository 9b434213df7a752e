"""Codes for late entry: how they are recognised and how long they hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from lab.calls.rules.late_codes import code_digest, expiry_problem, format_code, last_day
from lab.calls.rules.timing import effective_deadline, is_within_deadline

THURSDAY = date(2022, 6, 30)


@pytest.mark.parametrize(
    "typed",
    [
        "ABCD-EFGH-JKMN",
        "abcdefghjkmn",
        " abcd efgh jkmn ",
        "ＡＢＣＤ－ＥＦＧＨ－ＪＫＭＮ",
        "abcd—efgh—jkmn",
    ],
)
def test_a_code_is_the_same_however_it_is_written(typed: str) -> None:
    assert format_code("abcdefghjkmn") == "ABCD-EFGH-JKMN"
    assert code_digest("call", typed) == code_digest("call", "ABCD-EFGH-JKMN")


def test_a_code_of_another_call_is_another_code() -> None:
    assert code_digest("one", "ABCD-EFGH-JKMN") != code_digest("two", "ABCD-EFGH-JKMN")
    assert len(code_digest("one", "")) == 64


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (THURSDAY, ""),
        (date(2022, 7, 7), ""),
        (date(2022, 7, 8), "有效期最长5个工作日。"),
        (date(2022, 6, 29), "有效期不能早于今天。"),
    ],
)
def test_a_code_holds_from_today_to_the_fifth_working_day(day: date, why: str) -> None:
    assert last_day(THURSDAY) == date(2022, 7, 7)
    assert expiry_problem(day, THURSDAY) == why


def moment(hour: int) -> datetime:
    return datetime(2022, 6, 30, hour, tzinfo=UTC)


def call(status: str, opens: int | None = 1, closes: int | None = 9) -> Any:
    times = [None if hour is None else moment(hour) for hour in (opens, closes)]
    return SimpleNamespace(status=status, opens_at=times[0], closes_at=times[1])


@pytest.mark.parametrize(
    ("status", "more", "until"),
    [
        ("open", (None, None), 9),
        ("open", (12, None), 12),
        ("closed", (12, 15), 15),
        ("closed", (5, None), 9),
        ("published", (), 9),
        ("draft", (12,), None),
        ("reviewing", (12, 15), None),
    ],
)
def test_the_latest_extension_counts_until_review(
    status: str, more: tuple[int | None, ...], until: int | None
) -> None:
    given = [None if hour is None else moment(hour) for hour in more]
    found = effective_deadline(call(status), *given)
    assert found == (None if until is None else moment(until))


def test_no_submission_before_opening_or_without_dates() -> None:
    assert not is_within_deadline(call("published", opens=3), moment(9), moment(2))
    assert is_within_deadline(call("published", opens=3), moment(9), moment(3))
    assert not is_within_deadline(call("open", opens=None), moment(9), moment(5))
    assert not is_within_deadline(call("open"), None, moment(5))
    assert effective_deadline(call("open", closes=None), moment(9)) is None
