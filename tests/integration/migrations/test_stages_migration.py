"""Targets of several dates arrive with the update; going back keeps the last one of each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from lab.extensions import db
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import unconfirmed_draft
from tests.support.cast import Cast

ROWS = text(
    "SELECT indicator, target, due_on FROM proposal_target WHERE proposal_id = :id"
    " ORDER BY indicator, due_on"
)


def rows_of(proposal_id: int) -> list[tuple[str, int, str]]:
    rows = db.session.execute(ROWS, {"id": proposal_id})
    return [(code, target, str(due)) for code, target, due in rows]


def test_going_back_keeps_the_last_stage_of_each_target(both_ctx: Flask, both_cast: Cast) -> None:
    dates = [date(2022, 9, 30), date(2022, 11, 30), date(2022, 12, 31)]
    stages = [
        {"indicator": "K01", "base": Decimal(0), "target": Decimal(100 * n), "due_on": due}
        for n, due in enumerate(dates, start=1)
    ]
    other = {"indicator": "K06", "base": Decimal(0), "target": Decimal(5), "due_on": dates[0]}
    call = open_call(both_cast)
    staged = unconfirmed_draft(both_cast, call, targets=[*stages, other]).id
    plain = unconfirmed_draft(both_cast, call).id
    before = rows_of(plain)
    db.session.remove()
    downgrade(revision="0031")
    assert rows_of(staged) == [("K01", 30_000, "2022-12-31"), ("K06", 500, "2022-09-30")]
    assert rows_of(plain) == before
    db.session.remove()
    upgrade()
    assert rows_of(plain) == before and len(rows_of(staged)) == 2
    db.session.remove()
