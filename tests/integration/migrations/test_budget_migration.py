"""A budget that was one number comes into the rows as it was, typed nonsense included."""

from __future__ import annotations

import json

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from lab.extensions import db
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import unconfirmed_draft
from tests.support.cast import Cast


def test_an_old_total_becomes_one_row_and_what_was_typed_stays(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = open_call(both_cast)
    ids = [unconfirmed_draft(both_cast, call).id for _ in range(3)]
    db.session.remove()
    downgrade(revision="0005")
    for number, budget, left in (
        (ids[0], 12_345_678, "{}"),
        (ids[1], None, json.dumps({"budget_fen": "十二万", "title": "长"})),
        (ids[2], None, "{}"),
    ):
        db.session.execute(
            text("UPDATE proposal SET budget_fen = :budget, leftovers = :left WHERE id = :id"),
            {"budget": budget, "left": left, "id": number},
        )
    db.session.info.clear()
    db.session.commit()
    db.session.remove()
    upgrade()
    rows = db.session.execute(text("SELECT proposal_id, item, amount_fen FROM proposal_budget_row"))
    assert [tuple(row) for row in rows] == [(ids[0], "合计", 12_345_678)]
    kept = db.session.scalar(text("SELECT leftovers FROM proposal WHERE id = :id"), {"id": ids[1]})
    row = {"item": "合计", "amount_fen": "十二万", "note": ""}
    assert json.loads(kept or "") == {"title": "长", "budget": [row]}
    assert (
        db.session.scalar(text("SELECT leftovers FROM proposal ORDER BY id DESC LIMIT 1")) == "{}"
    )
    db.session.remove()
