"""Reviewers who were chosen arrive as typed and matched; going back keeps those with a person."""

from __future__ import annotations

import json

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from lab.extensions import db
from lab.proposals.models.proposal import Proposal
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import avoiding, check, submitted_proposal, unconfirmed_draft
from tests.support.cast import Cast

ROWS = "SELECT name, unit, reason, person_id FROM proposal_avoid WHERE proposal_id = :id"


def test_whom_to_avoid_stays_over_the_way_there_and_back(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    typed = [
        avoiding(both_cast.reviewer, "曾共事"),
        {"name": "无名氏", "unit": "某公司", "reason": "争议"},
    ]
    matched = submitted_proposal(both_cast, call, avoided=typed)
    check(matched, both_cast, "passed")
    number, unfinished = matched.id, unconfirmed_draft(both_cast, call).id
    db.session.remove()
    downgrade(revision="0046")
    kept = text("SELECT person_id, reason FROM proposal_avoid WHERE proposal_id = :id")
    old = [tuple(row) for row in db.session.execute(kept, {"id": number})]
    assert old == [(both_cast.reviewer, "曾共事")]
    half = {"avoided": [{"person_id": str(both_cast.reviewer2), "reason": ""}]}
    db.session.remove()
    with db.engine.begin() as connection:
        changed = text("UPDATE proposal SET leftovers = :text WHERE id = :id")
        connection.execute(changed, {"text": json.dumps(half), "id": unfinished})
    upgrade()
    rows = [tuple(row) for row in db.session.execute(text(ROWS), {"id": number})]
    assert rows == [("评委甲", "邮储丰台支行", "曾共事", both_cast.reviewer)]
    draft = db.session.get_one(Proposal, unfinished)
    typed_now = [{"name": "评委乙", "unit": "邮政西城分公司", "reason": ""}]
    assert draft.invalid_input["avoided"] == typed_now
    assert db.session.get_one(Proposal, number).avoided[0].matched_at is not None
    db.session.remove()
