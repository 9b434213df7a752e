"""Last year's workbook by the office's own headings: title rows, merged cells, a hidden row."""

from __future__ import annotations

import io
import time
from datetime import date, datetime

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lab.extensions import db
from lab.jobs import service as jobs
from lab.proposals.models.proposal import Proposal
from tests.browser.conftest import Portal, Visit
from tests.browser.journey import Walk, field, menu, press
from tests.support.builders.calls import open_call
from tests.support.cast import person

pytestmark = pytest.mark.browser

TITLES = ("园区缴费【演示】", "校园食堂【演示】", "社区团购【演示】", "菜场收款【演示】")
HEADINGS = ("序号", "申报人", "单位", "项目名称", "预算（万元）", "联系电话", "结束日期", "备注栏")
GOAL_SECONDS = 60


def _last_years(owner: str, unit: str, ends_on: date) -> bytes:
    """A table as an office keeps one: two rows of titles, one unit for all rows, a sum below."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet, notes = book.add_worksheet("申报汇总"), book.add_worksheet("填表说明")
    notes.write(0, 0, "每行一件。")
    plain, day = book.add_format({"border": 1}), book.add_format({"num_format": "yyyy/m/d"})
    phone = book.add_format({"num_format": "00000000000"})
    sheet.merge_range(0, 0, 0, 7, "上年度创新项目申报汇总表", plain)
    sheet.merge_range(1, 0, 1, 7, "填报单位：某分公司", plain)
    sheet.write_row(2, 0, HEADINGS, plain)
    for number, title in enumerate(TITLES, start=1):
        row = number + 2
        sheet.write_row(row, 0, [number, owner])
        sheet.write(row, 3, title)
        sheet.write_number(row, 4, 12.5)
        sheet.write_number(row, 5, 1012345678, phone)
        sheet.write_datetime(row, 6, datetime(ends_on.year, ends_on.month, ends_on.day), day)
    sheet.merge_range(3, 2, 6, 2, unit, plain)
    sheet.write(7, 0, "合计")
    sheet.write_formula(7, 4, "=SUM(E4:E7)", None, 50)
    sheet.set_row(5, None, None, {"hidden": True})
    book.close()
    return out.getvalue()


def _work(portal: Portal, page: Page) -> None:
    """The worker's part; the page that waits for it goes on by itself."""
    expect(page.locator("[data-poll]")).to_be_visible()
    with portal.app.app_context():
        jobs.run_due()


def _upload(walk: Walk, portal: Portal, data: bytes) -> Page:
    page = walk.person("office")
    menu(page, "征集批次")
    page.locator("main").get_by_role("link").filter(has_text="征集").first.click()
    page.get_by_role("link", name="批量导入").click()
    page.get_by_label("申报表文件").set_input_files(
        {"name": "去年汇总.xlsx", "mimeType": "application/octet-stream", "buffer": data}
    )
    press(page, "上传自己的表格，对应各列")
    _work(portal, page)
    return page


def _match(walk: Walk, portal: Portal, page: Page) -> None:
    expect(page.get_by_label("第3行", exact=True)).to_be_checked()
    walk.look(page, "own-heading")
    field(page, "数据到第几行为止").fill("7")
    press(page, "下一步：对应列")
    expect(page.get_by_role("heading", level=1)).to_have_text("对应列")
    chosen = page.locator("table select").evaluate_all(
        "all => all.map(one => one.selectedOptions[0].text)"
    )
    assert chosen == [
        *("不导入", "填报人", "申报单位", "项目名称", "预算合计（元）", "负责人电话"),
        *("计划结束日期", "不导入"),
    ]
    walk.look(page, "own-columns")
    press(page, "下一步：核对")
    _work(portal, page)


def test_clerk_imports_last_years_workbook_through_the_mapping(
    as_person: Visit, portal: Portal
) -> None:
    with portal.app.app_context():
        call = open_call(portal.cast)
        owner = person(portal.cast.applicant)
        assert owner.unit is not None and call.closes_at is not None
        data = _last_years(owner.name, owner.unit.name, date(call.closes_at.year + 1, 6, 30))
    walk, began = Walk(as_person), time.monotonic()
    page = _upload(walk, portal, data)
    _match(walk, portal, page)
    expect(page.get_by_text("第6行在表中被隐藏了")).to_be_visible()
    expect(page.get_by_text("与C4合并，按合并单元格的内容读取。").first).to_be_visible()
    walk.look(page, "own-result")
    page.get_by_label("不导入隐藏的行").check()
    press(page, "导入")
    expect(page.get_by_text("已建立3件草稿")).to_be_visible()
    took = time.monotonic() - began
    print(f"last year's workbook through the mapping: {took:.1f} s")
    assert took < GOAL_SECONDS
    with portal.app.app_context():
        drafts = db.session.scalars(select(Proposal).order_by(Proposal.title)).all()
        assert {draft.title for draft in drafts} == {*TITLES} - {TITLES[2]}
        assert {(draft.status, draft.budget_fen) for draft in drafts} == {("draft", 12_500_000)}
        assert {draft.leader_phone for draft in drafts} == {"01012345678"}
    assert walk.trouble == []
