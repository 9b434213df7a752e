"""Official numbers: given once, in order, never twice."""

from __future__ import annotations

import pytest
from flask import Flask

from lab import audit
from lab.extensions import db
from lab.numbering.sequences import allocate, allocate_run
from tests.support.concurrency import at_once


def take(kind: str, scope: str) -> int:
    number = allocate(kind, scope)
    audit.record("test.number")
    db.session.commit()
    return number


def test_numbers_begin_at_one_and_are_counted_for_each_scope(both_ctx: Flask) -> None:
    assert [take("proposal", "2022-01") for _ in range(3)] == [1, 2, 3]
    assert take("proposal", "2022-02") == 1
    assert take("project", "2022-01") == 1


def test_a_number_taken_back_is_given_again(both_ctx: Flask) -> None:
    take("proposal", "2022-01")
    assert allocate("proposal", "2022-01") == 2
    db.session.rollback()
    assert take("proposal", "2022-01") == 2


def test_one_transaction_may_take_several(both_ctx: Flask) -> None:
    assert [allocate("project", "2022-01") for _ in range(4)] == [1, 2, 3, 4]


def test_a_range_of_numbers_has_no_gap(ctx: Flask) -> None:
    assert allocate("proposal", "2022-01") == 1
    assert list(allocate_run("proposal", "2022-01", 1000)) == list(range(2, 1002))
    assert allocate("proposal", "2022-01") == 1002
    with pytest.raises(ValueError):
        allocate_run("proposal", "2022-01", 0)


def test_twelve_at_once_never_get_the_same_number(both_app: Flask) -> None:
    taken = at_once(both_app, 12, lambda _: [take("proposal", "2022-01") for _ in range(6)])
    assert sorted(number for some in taken for number in some) == list(range(1, 73))
