"""Members without an account arrive with the update; going back keeps those with one."""

from __future__ import annotations

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from lab.extensions import db
from lab.identity.core.name_key_filling import fill_name_keys
from lab.identity.core.people_search import find_people
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import unconfirmed_draft
from tests.support.cast import Cast

ROWS = text("SELECT person_id, duty FROM proposal_person WHERE proposal_id = :id ORDER BY position")


def test_going_back_keeps_the_members_with_accounts(both_ctx: Flask, both_cast: Cast) -> None:
    own = {"person_id": both_cast.member, "duty": "对接"}
    named = {"person_id": None, "name": "王五", "unit": "科技公司", "duty": "开发"}
    draft = unconfirmed_draft(both_cast, open_call(both_cast), people=[named, own]).id
    db.session.remove()
    downgrade(revision="0042")
    kept = [(both_cast.member, "对接")]
    assert [tuple(row) for row in db.session.execute(ROWS, {"id": draft})] == kept
    db.session.remove()
    upgrade()
    assert [tuple(row) for row in db.session.execute(ROWS, {"id": draft})] == kept
    db.session.remove()
    fill_name_keys()
    for typed in ("wrj", "ycftzh wr"):
        assert [each.id for each in find_people(typed).people] == [both_cast.stranger]
    db.session.remove()
