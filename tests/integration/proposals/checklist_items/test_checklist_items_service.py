"""Lists that formality checks go through: changed before the first check, fixed after it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lab.calls.rules import check_items
from lab.calls.rules.check_items import Item
from lab.db import EditConflict
from lab.extensions import db
from lab.proposals.checklist_items import service as checklist_items
from lab.proposals.models.proposal import FormalityCheck
from lab.proposals.rules.screening import checklist
from lab.proposals.rules.screening.checklist import Mark
from lab.proposals.screening import service as screening_service
from lab.rejected import Rejected
from tests.support.builders.calls import draft_call, open_call
from tests.support.builders.proposals import submitted_proposal
from tests.support.cast import Cast
from tests.support.records import newest_action


def test_each_check_keeps_the_list_it_was_done_with(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    items = [Item("eligible", "主体在名单内"), Item("", "已公示", "看公示页。")]
    checklist_items.set_items(call, call.version, items)
    db.session.commit()
    assert newest_action() == "check.checklist"
    proposal = submitted_proposal(both_cast, call)
    marks = [Mark("eligible", checklist.OK), Mark("item1", checklist.OK)]
    screening_service.record_check(
        proposal, None, checker_id=both_cast.office, marks=marks, outcome="passed"
    )
    db.session.commit()
    kept = db.session.scalars(select(FormalityCheck.checklist)).one()
    assert [row["label"] for row in kept] == ["主体在名单内", "已公示"]
    with pytest.raises(Rejected, match="清单不能再改"):
        checklist_items.set_items(call, call.version, check_items.DEFAULT)


def test_a_check_list_is_edited_by_one_before_review(both_ctx: Flask, both_cast: Cast) -> None:
    call = draft_call(both_cast)
    stale = call.version
    checklist_items.set_items(call, stale, [Item("", "只看这一项")])
    db.session.commit()
    with pytest.raises(EditConflict):
        checklist_items.set_items(call, stale, check_items.DEFAULT)
    db.session.rollback()
    with pytest.raises(Rejected) as refused:
        checklist_items.set_items(call, call.version, [Item("", "同"), Item("", "同")])
    assert refused.value.field == "label_1"
