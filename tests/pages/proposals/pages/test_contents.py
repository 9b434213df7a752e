"""The contents beside a proposal lead to its parts; the head has its title and a menu."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html

from lab.extensions import db
from lab.proposals.joint import service as joint_service
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import submitted_proposal, unconfirmed_draft
from tests.support.builders.reviews import open_round, panel, pledge, sheet_of
from tests.support.cast import Cast
from tests.support.client import PageClient

PARTS = ["基本信息", "背景与模式", "实施方案", "里程碑", "预期指标", "预算"]


def _asked(cast: Cast) -> str:
    draft = unconfirmed_draft(cast, open_call(cast))
    joint_service.request_confirmation(draft, cast.applicant)
    db.session.commit()
    return f"/proposals/{draft.key}/joint"


def _sheet(cast: Cast) -> str:
    call, proposals = open_round(cast)
    reviewer = panel(cast)[0]
    pledge(call, reviewer)
    db.session.commit()
    return f"/reviews/{sheet_of(proposals[0], reviewer).key}"


def _submitted(cast: Cast) -> str:
    return submitted_proposal(cast, open_call(cast)).key


PAGES = {
    "its own page": ("applicant", lambda cast: f"/proposals/{_submitted(cast)}"),
    "a version": ("applicant", lambda cast: f"/proposals/{_submitted(cast)}/versions/1"),
    "as reviewers see it": (
        "applicant",
        lambda cast: f"/proposals/{_submitted(cast)}/as-reviewers-see",
    ),
    "the confirmation": ("partner", _asked),
    "the formality check": ("office", lambda cast: f"/checks/{_submitted(cast)}"),
    "the score sheet": ("reviewer", _sheet),
}


@pytest.fixture(params=PAGES.values(), ids=PAGES)
def page(request: pytest.FixtureRequest, app: Flask, client: PageClient, cast: Cast) -> Any:
    who, make = request.param
    with app.app_context():
        address = make(cast)
        db.session.rollback()
    return lxml_html.fromstring(client.as_(getattr(cast, who)).get(address).text)


def test_the_contents_lead_to_every_part_in_order(page: Any) -> None:
    (nav,) = page.xpath("//nav[@data-contents]")
    for links in (nav.xpath("./ul//a"), nav.xpath("./details//a")):
        words = [link.text_content() for link in links]
        assert [word for word in words if word in PARTS] == PARTS
        ids = [link.get("href").removeprefix("#") for link in links]
        order = [element.get("id") for element in page.xpath("//*[@id]")]
        assert set(ids) <= set(order), "each leads somewhere"
        assert ids == sorted(ids, key=order.index), "in the order of the page"
    assert nav.xpath("string(./details/summary)").strip() == "目录"


def test_the_head_keeps_the_whole_title_and_all_actions(page: Any) -> None:
    (head,) = page.xpath("//div[@data-head]")
    (title,) = head.xpath(".//h1")
    assert title.get("title") == title.text_content().strip()
    actions = head.xpath(".//*[@id='page-actions']")
    menus = head.xpath(".//button[@data-head-menu]")
    assert len(menus) == len(actions) <= 1
    assert all(menu.get("aria-controls") == "page-actions" for menu in menus)
