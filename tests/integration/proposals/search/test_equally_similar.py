"""Of equally similar proposals the newer ones are compared, whatever order they are read in."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lab.extensions import db
from lab.proposals.models.search import SearchEntry, SimilarPair
from lab.proposals.search import similar
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import filled_draft, submitted_proposal
from tests.support.cast import Cast

CANTEEN = (
    "社区食堂老年人多，习惯使用现金，找零慢，排队长。拟由邮政网点负责走访和培训，"
    "银行支行负责开立钱包和布放机具，老年人刷硬钱包用餐。"
)
SAME_TITLE = [("社区食堂硬钱包用餐", text) for text in ("一", "二", "三")]
SAME_TEXT = [(title, CANTEEN) for title in ("景区门票扫码", "医院挂号缴费", "校园一卡通")]


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("texts", [SAME_TITLE, SAME_TEXT], ids=["title", "text"])
def test_the_newer_of_equally_similar_proposals_is_compared(
    both_ctx: Flask,
    both_cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    texts: list[tuple[str, str]],
    *,
    newest_first: bool,
) -> None:
    call = open_call(both_cast)
    (title, text), *others = texts
    earlier = [submitted_proposal(both_cast, call, title=t, background=b) for t, b in others]
    mine = filled_draft(both_cast, call, title=title, background=text)
    newest, mine_id = earlier[-1].id, mine.id
    db.session.rollback()
    read, by = similar._earlier, SearchEntry.proposal_id
    order = by.desc() if newest_first else by.asc()
    monkeypatch.setattr(similar, "_earlier", lambda *args: read(*args).order_by(order))
    monkeypatch.setattr(similar, "CANDIDATES", 1)
    similar.compare({"proposal": mine_id})
    pairs = select(SimilarPair.other_id).where(SimilarPair.proposal_id == mine_id)
    assert db.session.scalars(pairs).all() == [newest]
