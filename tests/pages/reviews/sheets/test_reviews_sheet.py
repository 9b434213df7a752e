"""A reviewer's pages: list, pledge, scoring form, recusal, abstention."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select, text

from lab.extensions import db
from lab.files.documents import service as rendering
from lab.files.previews import service as previews
from lab.proposals.models.proposal import Proposal
from lab.reviews.models import Pledge, Recusal, ScoreSheet
from lab.reviews.rounds import service as rounds_service
from tests.support.builders import files as builders_files
from tests.support.builders.reviews import (
    Browser,
    assign,
    closed_with,
    ended_round,
    open_round,
    pledge,
    score,
    sheet_of,
)
from tests.support.cast import Cast, person
from tests.support.client import text_of


@pytest.fixture
def client(ctx: Flask) -> Browser:
    return Browser(ctx)


NOTE = "评分依据见申报书第三部分，量化指标较为充分可信。"


def filled(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "score_importance": "90",
        "score_complexity": "80",
        "score_demonstration": "85",
        "score_replicability": "88",
        "recommendation": "approve",
        "comment": "建议立项。",
    }
    return {**values, **changes}


def ready(cast: Cast) -> tuple[ScoreSheet, str]:
    """A pledged reviewer's draft and its address."""
    call, (first, _) = open_round(cast)
    pledge(call, cast.reviewer)
    sheet = sheet_of(first, cast.reviewer)
    return sheet, f"/reviews/{sheet.key}"


def stored(sheet: ScoreSheet) -> dict[str, Decimal | None]:
    db.session.expire_all()
    return {item.criterion.key: item.score for item in sheet.items}


def test_a_reviewer_sees_only_own_sheets_numbered_by_assignment(
    client: Browser, cast: Cast
) -> None:
    call, proposals = closed_with(cast, 3)
    assign(call, cast, proposals[1:], [cast.reviewer])
    browser = client.as_(cast.reviewer)
    assert "没有需要您评审的项目" in text_of(browser.get("/reviews"))
    rounds_service.open_review(call)
    db.session.commit()
    page = browser.get("/reviews")
    places = html.fromstring(page.text).xpath("//td[@data-label='序号']/text()")
    assert places == ["1", "2"]
    assert proposals[0].title not in page.text
    for proposal in proposals:
        assert (proposal.number or "-") not in page.text
    assert "没有需要您评审的项目" in text_of(client.as_(cast.reviewer2).get("/reviews"))


def bar(proposal: Proposal, person_id: int) -> None:
    """The proposal comes to be one of the person's own unit."""
    own = "joint_unit_id = (SELECT unit_id FROM person WHERE id = :who) WHERE id = :which"
    values = {"who": person_id, "which": proposal.id}
    db.session.execute(text(f"UPDATE proposal SET {own}"), values)
    db.session.commit()


def test_the_document_opens_only_after_the_pledge(client: Browser, cast: Cast) -> None:
    call, (first, _) = open_round(cast)
    browser, sheet = client.as_(cast.reviewer), sheet_of(first, cast.reviewer)
    answer = browser.get(f"/reviews/{sheet.key}", status=303)
    assert answer.headers["Location"] == f"/reviews/pledge/{call.key}"
    browser.post(f"/reviews/{sheet.key}", filled(version=sheet.version), status=403)
    assert "签署承诺" in text_of(browser.get(f"/reviews/pledge/{call.key}"))
    browser.submit(f"/reviews/pledge/{call.key}")
    assert len(db.session.scalars(select(Pledge)).all()) == 1
    page = browser.get(f"/reviews/{sheet.key}")
    assert "园区缴费以现金为主。" in text_of(page)
    assert first.number not in page.text
    browser.post(f"/reviews/pledge/{call.key}", status=409)
    bar(first, cast.reviewer)
    for path in ("", "/files/aaaaaaaaaaaa"):
        browser.get(f"/reviews/{sheet.key}{path}", status=404)
    client.as_(cast.stranger).get(f"/reviews/pledge/{call.key}", status=404)
    client.as_(cast.recused).get(f"/reviews/pledge/{call.key}", status=404)


def test_the_score_form_shows_bands_and_formula(client: Browser, cast: Cast) -> None:
    _, path = ready(cast)
    page = client.as_(cast.reviewer).get(path)
    text = text_of(page)
    assert "总分＝项目的重要性×30%" in text and "90–100" in text and "不及格" in text
    (control,) = html.fromstring(page.text).xpath("//input[@name='score_importance']")
    assert dict(control.attrib) | {
        "data-weight": "30",
        "data-lo": "0",
        "data-hi": "100",
        "data-step": "1",
        "data-direction": "benefit",
    } == dict(control.attrib)


def test_saving_keeps_an_unfinished_sheet_and_is_not_submitting(
    client: Browser, cast: Cast
) -> None:
    sheet, path = ready(cast)
    browser = client.as_(cast.reviewer)
    browser.submit(path, {"score_importance": "90", "strengths": "先写一点"})
    assert stored(sheet)["importance"] == Decimal(90)
    assert sheet.status == "draft"
    page = text_of(browser.get(path))
    assert "先写一点" in page and "保存不等于提交" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("101", "须在0至100之间"),
        ("-1", "须在0至100之间"),
        ("80.5", "最小单位1"),
        ("良", ""),
    ],
)
def test_a_wrong_score_is_named_and_everything_else_is_saved(
    client: Browser, cast: Cast, typed: str, sentence: str
) -> None:
    sheet, path = ready(cast)
    browser = client.as_(cast.reviewer)
    answer = browser.submit(
        path,
        {"score_importance": typed, "score_complexity": "77", "comment": "有话要说"},
        status=422,
    )
    assert sentence in text_of(answer)
    assert typed in answer.text and "有话要说" in answer.text
    assert stored(sheet)["complexity"] == Decimal(77)
    assert stored(sheet)["importance"] is None
    assert sheet.comment == "有话要说"
    # the page that came back can be posted again without a clash
    (version,) = html.fromstring(answer.text).xpath("//main//form//input[@name='version']/@value")
    assert int(version) == sheet.version


def test_an_incomplete_sheet_loses_nothing_on_submission(client: Browser, cast: Cast) -> None:
    sheet, path = ready(cast)
    browser = client.as_(cast.reviewer)
    token = {"version": sheet.version, "act": "submit"}
    low = filled(score_importance="55", note_importance="太短", comment="", **token)
    text = text_of(browser.post(f"{path}/submit", low, status=422))
    assert "折合百分制低于60分，请写明理由，不少于20个字符" in text
    assert "请填写综合评语" in text and "已填写的内容已保存" in text
    assert stored(sheet)["importance"] == Decimal(55)
    assert sheet.status == "draft"
    again = {**low, "note_importance": NOTE, "comment": "不够成熟。", "version": sheet.version}
    browser.post(f"{path}/submit", again)
    db.session.expire_all()
    assert sheet.status == "submitted"


def test_equal_scores_ask_for_a_tick(client: Browser, cast: Cast) -> None:
    sheet, path = ready(cast)
    browser = client.as_(cast.reviewer)
    same = {f"score_{key}": "80" for key in stored_keys(sheet)}
    body = filled(**same, version=sheet.version, act="submit")
    answer = browser.post(f"{path}/submit", body, status=422)
    assert "各项得分完全相同，请核对" in text_of(answer)
    db.session.expire_all()
    browser.post(f"{path}/submit", {**body, "version": sheet.version, "same_confirmed": "1"})


def stored_keys(sheet: ScoreSheet) -> list[str]:
    return [criterion.key for criterion in sheet.proposal.call.criteria]


def test_a_submitted_sheet_is_read_only_until_it_is_returned(client: Browser, cast: Cast) -> None:
    sheet, path = ready(cast)
    browser = client.as_(cast.reviewer)
    browser.post(f"{path}/submit", filled(version=sheet.version, act="submit"))
    page = browser.get(path)
    assert "86.25" in text_of(page) and "总体意见建议立项" in text_of(page).replace(" ", "")
    assert not html.fromstring(page.text).xpath("//main//textarea")
    db.session.expire_all()
    browser.post(path, filled(version=sheet.version), status=409)
    rounds_service.return_sheet(sheet, "请核对可复制性的分数。")
    db.session.commit()
    text = text_of(browser.get(path))
    assert "请核对可复制性的分数。" in text and "提交评审" in text


def test_two_tabs_meet_on_a_page_with_both_texts(client: Browser, cast: Cast) -> None:
    sheet, path = ready(cast)
    browser, old = client.as_(cast.reviewer), sheet.version
    browser.post(path, filled(version=old, comment="第一个页面"))
    for address in (path, f"{path}/submit"):
        answer = browser.post(
            address,
            filled(version=old, comment="第二个页面", recommendation="decline", act="submit"),
            status=409,
        )
        text = text_of(answer)
        assert "第一个页面" in text and "第二个页面" in text
        assert "不建议立项" in text and "decline" not in text
    form = html.fromstring(answer.text, base_url="http://localhost").xpath("//main//form")[-1]
    browser.post(f"{path}/submit", dict(form.form_values()))
    db.session.expire_all()
    assert (sheet.status, sheet.comment) == ("draft", "第二个页面")


def test_a_recusal_removes_the_proposal_without_a_trace(client: Browser, cast: Cast) -> None:
    call, (first, second) = open_round(cast)
    browser = client.as_(cast.reviewer)
    one, other = sheet_of(first, cast.reviewer), sheet_of(second, cast.reviewer)
    browser.submit(f"/reviews/{one.key}/recuse", {"kind": "kinship", "reason": ""}, status=422)
    browser.submit(f"/reviews/{one.key}/recuse", {"kind": "kinship", "reason": "近亲属参与项目。"})
    assert db.session.scalars(select(Recusal.reason)).all() == ["近亲属参与项目。"]
    for path in (f"/reviews/{one.key}", f"/reviews/{one.key}/recuse"):
        browser.get(path, status=404)
    page = browser.get("/reviews")
    assert first.title not in page.text and second.title in page.text
    assert html.fromstring(page.text).xpath("//td[@data-label='序号']/text()") == ["1"]
    assert "0 / 1" in text_of(page)
    pledge(call, cast.reviewer)
    browser.get(f"/reviews/{other.key}")


def test_an_abstention_has_its_own_page_and_reason(client: Browser, cast: Cast) -> None:
    sheet, path = ready(cast)
    browser = client.as_(cast.reviewer)
    browser.submit(f"{path}/abstain", {"reason": "不熟悉该业务。"})
    assert "不熟悉该业务。" in text_of(browser.get(path))
    browser.post(path, filled(version=sheet.version), status=409)


def test_a_foreign_and_a_missing_sheet_answer_alike(client: Browser, cast: Cast) -> None:
    sheet, path = ready(cast)
    other = client.as_(cast.reviewer2)
    for address in (path, f"{path}/recuse", f"{path}/abstain"):
        foreign = text_of(other.get(address, status=404))
        missing = text_of(other.get(address.replace(sheet.key, "a" * 12), status=404))
        assert foreign.split("事件编号")[0] == missing.split("事件编号")[0]
    other.post(path, filled(version=sheet.version), status=404)


def test_nothing_can_be_scored_after_the_end(client: Browser, cast: Cast) -> None:
    _, (first, _) = ended_round(cast)
    sheet = sheet_of(first, cast.reviewer)
    browser = client.as_(cast.reviewer)
    text = text_of(browser.get(f"/reviews/{sheet.key}"))
    assert "90" in text
    browser.post(f"/reviews/{sheet.key}", filled(version=sheet.version), status=403)
    browser.post(f"/reviews/{sheet.key}/recuse", {"kind": "self", "reason": "晚"}, status=403)


def test_a_reviewer_downloads_the_attachments_of_the_sheet_only(
    client: Browser, cast: Cast
) -> None:
    from werkzeug.datastructures import FileStorage

    from lab.proposals.submission import service as proposals
    from lab.proposals.writing import service as drafts
    from tests.support.builders.calls import close, open_call
    from tests.support.builders.proposals import check, confirm, unconfirmed_draft

    call = open_call(cast)
    proposal = unconfirmed_draft(cast, call)
    upload = FileStorage(io.BytesIO(builders_files.pdf("报告")), "可行性报告.pdf")
    drafts.save_draft(
        drafts.SaveDraft(proposal, None, {}, uploads=[upload], person_id=cast.applicant)
    )
    db.session.commit()
    confirm(proposal)
    proposals.submit(proposal, cast.applicant, pledged=True)
    db.session.commit()
    check(proposal, cast, "passed")
    close(call)
    assign(call, cast, [proposal], [cast.reviewer])
    rounds_service.open_review(call)
    db.session.commit()
    sheet = sheet_of(proposal, cast.reviewer)
    file_key = proposal.files[0].file.key
    address = f"/reviews/{sheet.key}/files/{file_key}"
    browser = client.as_(cast.reviewer)
    browser.get(address, status=404)
    pledge(call, cast.reviewer)
    with browser.get(address) as answer:
        assert answer.data == builders_files.pdf("报告")
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "正在生成预览" in text_of(browser.get(f"{address}/preview"))
    db.session.rollback()
    rendering.render(previews.PICTURES, {"file": file_key})
    shown = text_of(browser.get(f"{address}/preview"))
    assert "第1页，共1页" in shown and "历史" not in shown and "上传" not in shown
    with browser.get(f"{address}/preview/1") as picture:
        assert picture.headers["Content-Type"] == "image/png"
    browser.get(f"{address}/preview/2", status=404)
    for page in ("", "/preview", "/preview/1", "/preview/state"):
        client.as_(cast.reviewer2).get(f"{address}{page}", status=404)


def test_other_reviewers_scores_are_on_no_page_of_a_reviewer(client: Browser, cast: Cast) -> None:
    sheet, path = ready(cast)
    score(
        sheet.proposal,
        cast.reviewer2,
        (13, 17, 19, 23),
        comment="旁人评语",
        notes={key: NOTE for key in stored_keys(sheet)},
    )
    browser = client.as_(cast.reviewer)
    for address in (
        "/reviews",
        path,
        f"{path}/recuse",
        f"/reviews/pledge/{sheet.proposal.call.key}",
    ):
        text = browser.get(address).text
        assert "旁人评语" not in text and person(cast.reviewer2).name not in text
