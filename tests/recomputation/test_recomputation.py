"""Every figure that pages and reports show, against an independent recomputation."""

from __future__ import annotations

import os
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any

import pytest
from flask import Flask

from lab import clock
from lab.extensions import db
from tests.recomputation import raw
from tests.recomputation.comparison import Ledger, compare
from tests.recomputation.comparison_report import compare_report
from tests.recomputation.histories import FIRST, LAST, History
from tests.support.cast import Cast

FIRST_SEED = int(os.environ.get("LAB_TEST_FIRST_SEED", "1"))
SEEDS = int(os.environ.get("LAB_TEST_SEEDS", "2"))
CUTOFFS = int(os.environ.get("LAB_TEST_CUTOFFS", "6"))


def each_on_one_database() -> list[Any]:
    """The histories by turns on both: rules and queries are the same, and each database computes
    the figures of a whole history."""
    marks = {"sqlite": (), "postgres": pytest.mark.postgres}
    seeds = range(FIRST_SEED, FIRST_SEED + SEEDS)
    turns = zip(seeds, cycle(marks))
    return [pytest.param(name, seed, marks=marks[name]) for seed, name in turns]


@pytest.mark.parametrize(("both_app", "seed"), each_on_one_database(), indirect=["both_app"])
def test_every_figure_is_what_the_rows_give(both_ctx: Flask, both_cast: Cast, seed: int) -> None:
    ended = History(both_cast, seed).run()
    rows, ledger = raw.read(db.session), Ledger()
    with clock.freeze(ended):
        for day in cutoffs(seed):
            compare(rows, day, ledger)
            compare_report(rows, day, ledger)
    print(f"{ledger.agreed} figures agreed")  # shown by pytest -rP
    assert not ledger.wrong, "\n".join(ledger.wrong[:40])


def cutoffs(seed: int) -> list[date]:
    """Days before, within and at the end of a history."""
    random = Random(seed)
    span = (LAST - FIRST).days
    inside = [FIRST + timedelta(days=random.randint(-5, span)) for _ in range(CUTOFFS - 2)]
    return [*inside, date(2022, 12, 31), LAST]
