"""Whom the office may mean by an entry, and when a proposal can pass."""

from __future__ import annotations

import pytest

from lab.proposals.rules.screening.avoidance import (
    AvoidedEntry,
    is_called,
    likeliest_first,
    unmatched,
    unmatched_message,
)
from lab.web.typed.people import KnownPerson

PEOPLE = [
    KnownPerson(1, "章维", "东城支行"),
    KnownPerson(2, "张伟", "丰台支行"),
    KnownPerson(3, "张伟", "东城支行"),
    KnownPerson(4, "章维", "丰台支行"),
]


def test_the_same_name_and_unit_come_first() -> None:
    ordered = likeliest_first(" 张 伟", "邮储银行东城支行", PEOPLE)
    assert [person.id for person in ordered] == [3, 2, 1, 4]
    assert [person.id for person in likeliest_first("张伟", "", PEOPLE)] == [2, 3, 1, 4]


def test_an_entry_is_settled_by_a_match_or_by_nobody() -> None:
    first, second = AvoidedEntry(1, "张伟", "东城支行", ""), AvoidedEntry(2, "李娜", "", "")
    earlier = AvoidedEntry(3, "王芳", "", "", is_matched=True)
    assert unmatched([first, second], {}) == [first, second]
    assert unmatched([first, second], {1: 9}) == [second]
    assert unmatched([earlier, first, second], {1: 9, 2: None}) == []
    assert "张伟（东城支行）" in unmatched_message(first)
    assert second.label == "李娜"


@pytest.mark.parametrize(
    ("person", "typed", "called"),
    [
        ("李明（大）", "李明", True),
        ("李明(大)", "李明（大）", True),
        ("李明", "李明（大）", False),
        ("李明华", "李明", False),
    ],
)
def test_brackets_behind_a_name_may_be_left_out(person: str, typed: str, called: bool) -> None:
    assert is_called(person, typed) is called
