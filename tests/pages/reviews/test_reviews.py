"""The office's pages of a round."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from lab import clock
from lab.calls.deadlines import service as deadlines_service
from lab.extensions import db
from lab.reviews.models import ScoreSheet
from tests.support.builders.reviews import (
    Browser,
    closed_with,
    ended_round,
    open_round,
    score,
    scored_round,
    sheet_of,
)
from tests.support.cast import Cast, person
from tests.support.client import text_of


@pytest.fixture
def client(ctx: Flask) -> Browser:
    return Browser(ctx)


def boxes(page: str) -> dict[str, list[str]]:
    """Proposal titles by what their row of the matrix says, cell by cell."""
    root = html.fromstring(page)
    rows = root.xpath("//table[contains(@class,'matrix')]/tbody/tr")
    return {
        row.xpath("string(th/text())").strip(): [
            "box"
            if cell.xpath(".//input[@type='checkbox']")
            else " ".join(cell.text_content().split())
            for cell in row.xpath("td")[1:]
        ]
        for row in rows
    }


def test_the_office_sees_the_round_and_opens_it_once(client: Browser, cast: Cast) -> None:
    call, _ = closed_with(cast)
    office = client.as_(cast.office)
    assert call.title in text_of(office.get("/rounds"))
    page = text_of(office.get(f"/rounds/{call.key}"))
    assert "2项申报书进入评审" in page
    office.post(f"/rounds/{call.key}/open")
    assert "评审规则已锁定" in text_of(office.get(f"/rounds/{call.key}"))
    office.post(f"/rounds/{call.key}/open", status=409)


def test_the_office_sees_open_extensions_before_review(client: Browser, cast: Cast) -> None:
    call, _ = closed_with(cast)
    later = clock.now() + timedelta(days=2)
    for unit_id in (cast.post_branch, cast.bank_branch):
        deadlines_service.extend(
            call, call.version, closes_at=later, reason="系统故障。", unit_id=unit_id
        )
    db.session.commit()
    office = client.as_(cast.office)
    page = text_of(office.get(f"/rounds/{call.key}"))
    told = f"邮政东城分公司等2个单位的延期或补报时限还没有到，最晚到{clock.cn_datetime(later)}"
    assert f"{told}，开启后不能再提交。" in page and f"{told}。开启评审后" in page
    with clock.freeze(later):
        assert "补报时限" not in text_of(client.as_(cast.office).get(f"/rounds/{call.key}"))
    office = client.as_(cast.office)
    office.post(f"/rounds/{call.key}/open")
    assert "补报时限" not in text_of(office.get(f"/rounds/{call.key}"))


def test_the_matrix_offers_no_box_for_a_conflict_and_says_why(client: Browser, cast: Cast) -> None:
    call, (first, _) = closed_with(cast)
    office = client.as_(cast.office)
    page = office.get(f"/rounds/{call.key}/assign")
    row = boxes(page.text)[first.title]
    assert sorted(row) == ["box", "box", "box", "同单位"]
    assert "评委丁：与申报单位为同一单位" in text_of(page)
    pair = f"{first.key}:{person(cast.recused).key}"
    answer = office.post(f"/rounds/{call.key}/assign", {"pair": pair}, status=422)
    assert "评委丁不能评审" in text_of(answer)
    assert db.session.scalar(select(ScoreSheet.id)) is None


def test_the_office_ticks_and_unticks_assignments(client: Browser, cast: Cast) -> None:
    call, (first, second) = closed_with(cast)
    office, path = client.as_(cast.office), f"/rounds/{call.key}/assign"
    one = f"{first.key}:{person(cast.reviewer).key}"
    two = f"{second.key}:{person(cast.reviewer).key}"
    office.submit(path, {"pair": [one, two]})
    db.session.expire_all()
    assert sheet_of(first, cast.reviewer).status == "draft"
    assert "2份" in text_of(office.get(path))
    office.submit(path, {"pair": [two]})
    db.session.expire_all()
    assert sheet_of(first, cast.reviewer).status == "cancelled"
    office.post(path, {"pair": "damaged"}, status=422)


def test_an_office_member_sees_no_reviewer_of_an_own_proposal(client: Browser, cast: Cast) -> None:
    from lab.identity.people import service as identity

    call, (first, _) = open_round(cast)
    member = person(cast.member)
    identity.set_roles(member, member.version, ["applicant", "office"])
    db.session.commit()
    browser = client.as_(cast.member)
    browser.get(f"/rounds/{call.key}/proposals/{first.key}", status=404)
    page = text_of(browser.get(f"/rounds/{call.key}/assign"))
    assert "请由其他经办人分配" in page
    assert boxes(browser.get(f"/rounds/{call.key}/assign").text)[first.title] == [
        "您需要回避此项，请由其他经办人分配"
    ]
    sheet = score(first, cast.reviewer)
    browser.get(f"/sheets/{sheet.key}/return", status=404)


def test_the_office_sees_owed_sheets_and_reminds_once(client: Browser, cast: Cast) -> None:
    call, (first, _) = open_round(cast)
    score(first, cast.reviewer)
    office = client.as_(cast.office)
    path = f"/rounds/{call.key}/remind/{person(cast.reviewer).key}"
    office.post(path)
    page = text_of(office.get(f"/rounds/{call.key}"))
    assert "今天已催办" in page
    office.post(path, status=409)
    office.post(f"/rounds/{call.key}/remind/aaaaaaaaaaaa", status=404)


def test_the_office_reads_and_returns_a_sheet(client: Browser, cast: Cast) -> None:
    call, (first, _) = open_round(cast)
    sheet = score(first, cast.reviewer, (90, 80, 85, 88))
    office = client.as_(cast.office)
    page = text_of(office.get(f"/rounds/{call.key}/proposals/{first.key}"))
    assert "评委甲（邮储丰台支行）" in page and "86.25" in page
    office.submit(f"/sheets/{sheet.key}/return", {"reason": ""}, status=422)
    office.submit(f"/sheets/{sheet.key}/return", {"reason": "请补充评语。"})
    page = text_of(office.get(f"/rounds/{call.key}/proposals/{first.key}"))
    assert "退回重评" in page and "请补充评语。" in page and "86.25" not in page
    office.post(f"/sheets/{sheet.key}/return", {"reason": "再退"}, status=409)


def test_a_draft_is_not_shown_to_the_office(client: Browser, cast: Cast) -> None:
    from lab.reviews.sheets import service as sheets_service
    from tests.support.builders.reviews import answers

    call, (first, _) = open_round(cast)
    sheet = sheet_of(first, cast.reviewer)
    sheets_service.save_sheet(sheet, sheet.version, answers(comment="还没想好"))
    db.session.commit()
    page = text_of(client.as_(cast.office).get(f"/rounds/{call.key}/proposals/{first.key}"))
    assert "评委甲" in page and "还没想好" not in page


def test_the_office_closes_a_complete_round(client: Browser, cast: Cast) -> None:
    call, (first, second) = open_round(cast, minimum_sheets=2)
    office, path = client.as_(cast.office), f"/rounds/{call.key}/close"
    page = text_of(office.submit(path, status=422))
    assert "有效评审不足2份，不能结束评审" in page
    for proposal in (first, second):
        for reviewer_id in (cast.reviewer, cast.reviewer2):
            score(proposal, reviewer_id)
    assert "还有2份评审未提交" in text_of(office.submit(path, status=422))
    office.submit(path, {"cancel_owed": "1"})
    page = text_of(office.get(f"/rounds/{call.key}/ranking"))
    assert "已定稿" in page and "未定稿" not in page
    office.get(f"/rounds/{call.key}/assign")
    office.post(path, {"cancel_owed": "1"}, status=422)


def test_the_ranking_shows_scores_zones_the_line_and_the_rules(client: Browser, cast: Cast) -> None:
    call, _ = scored_round(cast, (90, 80, 80, 70), places=2)
    page = client.as_(cast.office).get(f"/rounds/{call.key}/ranking")
    text = text_of(page)
    for words in (
        "未定稿",
        "第2名并列2项，系统不自动取舍，由评审委员会决定。",
        "批准名额2项，以上为前2名（含并列）",
        "项目的重要性：权重30%，越高得分越高（评审开启时确定，评审中不得更改）。",
        call.rules_fingerprint or "—",
        "90.00",
    ):
        assert words in text, words
    rows = html.fromstring(page.text).xpath("//table[contains(@class,'ranking')]/tbody/tr")
    assert [row.get("class") or "" for row in rows] == [
        "",
        "zone-tied",
        "zone-tied",
        "cut-line",
        "",
    ]
    for name in ("评委甲", "评委乙", "评委丙"):
        assert name not in text


def test_nobody_but_the_office_sees_a_round(client: Browser, cast: Cast) -> None:
    call, (first, _) = ended_round(cast)
    for who in (cast.reviewer, cast.applicant, cast.leading, cast.stranger, cast.security):
        browser = client.as_(who)
        browser.get("/rounds", status=403)
        browser.get(f"/rounds/{call.key}", status=404)
        browser.get(f"/rounds/{call.key}/ranking", status=404)
        browser.get(f"/rounds/{call.key}/proposals/{first.key}", status=404)
