"""A whole proposal written by the keyboard, its thirty stages pasted from a sheet."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from lab.extensions import db
from lab.files.workbooks.reading import read_workbook
from lab.proposals.models.proposal import Proposal
from tests.browser.conftest import Portal, Visit
from tests.browser.journey import Walk, field, menu, name_person, press, says
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import empty_draft

pytestmark = pytest.mark.browser

# Saved by LibreOffice Calc: figures with separators, days as 2030/6/28.
SHEET = Path(__file__).parent / "data" / "stage_targets.xlsx"
GOAL_SECONDS = 90
BASICS = {
    "项目名称": "园区分期推广【演示】",
    "实施地点": "东城区示范园区",
    "计划开始日期": "2030.1.1",
    "计划结束日期": "2030年12月31号",
    "负责人职务": "副总经理",
    "负责人电话": "010-10000000",
}
STEPS = (
    ("背景与模式", {"项目背景与必要性": "园区缴费以现金为主。", "项目模式": "三方合作。"}),
    (
        "实施方案与联动",
        {
            "实施方案": "分三个阶段实施。",
            "涉及业务与协同部门": "市场部。",
            "与传统业务联动设想": "带动代发工资。",
        },
    ),
)
RISKS = {
    "风险与合规分析": "反洗钱、个人信息、资金安全、消费者保护均有安排。",
    "示范性说明": "全市首个园区。",
    "可复制性说明": "可推广到其他园区。",
}


def _copied() -> str:
    """What a spreadsheet puts on the clipboard for the whole sheet: what it shows, tabs between."""
    sheet = read_workbook(SHEET.read_bytes(), "分期目标", extension="xlsx")
    return "\r\n".join("\t".join(row) for row in sheet.rows) + "\r\n"


def _type(page: Page, texts: dict[str, str]) -> None:
    for label, text in texts.items():
        field(page, label).focus()
        page.keyboard.insert_text(text)


def _choose(page: Page, label: str, option: str) -> None:
    control = field(page, label)
    options = control.locator("option").all_inner_texts()
    control.focus()
    for _ in range(options.index(option)):
        page.keyboard.press("ArrowDown")


def _go_on(page: Page, heading: str) -> None:
    page.get_by_role("button", name="保存并继续").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def _rows(page: Page, name: str) -> Locator:
    return page.locator(f"[data-rows='{name}'] [data-row]")


def _milestones(page: Page) -> None:
    """Enter goes down a column and makes the row that is missing."""
    field(page, "第1行，里程碑").focus()
    for name in ("完成对接", "园区上线", "推广到全区", "总结验收"):
        page.keyboard.insert_text(name)
        page.keyboard.press("Enter")
    expect(_rows(page, "milestones")).to_have_count(5)
    field(page, "第1行，完成日期").focus()
    for day in ("3月1号", "20300601", "2030/9/1", "2030年12月1日"):
        page.keyboard.insert_text(f"2030年{day}" if day.startswith("3月") else day)
        page.keyboard.press("Enter")


def _paste_targets(page: Page) -> None:
    page.evaluate("(text) => navigator.clipboard.writeText(text)", _copied())
    field(page, "第1行，指标").focus()
    page.keyboard.press("Control+V")
    expect(_rows(page, "targets")).to_have_count(30)
    status = page.locator("[data-rows='targets'] [data-rows-status]")
    expect(status).to_have_text("贴入30行，共90格。撤销")


def test_thirty_pasted_stages_are_handed_in_by_keyboard(portal: Portal, as_person: Visit) -> None:
    with portal.app.app_context():
        open_call(portal.cast)
    walk = Walk(as_person)
    page = walk.person("applicant")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=portal.url)
    menu(page, "申报书")
    start = time.monotonic()
    press(page, "开始申报")
    _type(page, BASICS)
    for label, option in (("项目类型", "场景建设"), ("场景类型", "园区/商圈")):
        _choose(page, label, option)
    name_person(page, "负责人", "zzj", "组长甲")
    for heading, texts in STEPS:
        _go_on(page, heading)
        _type(page, texts)
    _go_on(page, "里程碑与指标")
    _milestones(page)
    _paste_targets(page)
    walk.look(page, "pasted-stages")
    _go_on(page, "风险与示范")
    _type(page, RISKS)
    _go_on(page, "附件与提交")
    _type(page, {"申报单位意见": "同意申报。"})
    page.get_by_role("button", name="保存并核对提交").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="内容已经完整")).to_be_visible()
    page.get_by_label("签署承诺").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="提交", exact=True).focus()
    page.keyboard.press("Enter")
    says(page, "已提交，申报编号")
    spent = time.monotonic() - start
    print(f"written and handed in after {spent:.1f} s")
    with portal.app.app_context():
        stored = db.session.scalars(select(Proposal)).one()
        assert len(stored.targets) == 30 and len(stored.milestones) == 4
        wallets = [row.target for row in stored.targets if row.indicator == "K01"]
        assert wallets == [1000, 1500, 2000, 2500, 3000, 3500]
    assert not walk.trouble
    assert spent < GOAL_SECONDS


def test_without_its_script_a_table_shows_no_dead_button(portal: Portal, as_person: Visit) -> None:
    with portal.app.app_context():
        key = empty_draft(portal.cast, open_call(portal.cast)).key
        db.session.commit()
    page = as_person("applicant")
    page.goto(f"/proposals/{key}/edit/targets")
    expect(page.get_by_role("button", name="第1行上移").first).to_be_visible()
    page.route("**/static/js/rows.js*", lambda route: route.abort())
    page.reload()
    expect(page.locator(".row-move:visible, .rows-hint:visible")).to_have_count(0)
    rows = _rows(page, "milestones").count()
    page.locator("[data-rows='milestones']").get_by_role("button", name="加一行").press("Enter")
    expect(_rows(page, "milestones")).to_have_count(rows + 1)
    expect(page.locator(f"[name='milestones-{rows}-name']")).to_be_focused()
