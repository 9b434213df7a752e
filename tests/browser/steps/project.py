"""The acts of a project: charter, start, figures of a month, scenario and merchant, report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.journey import (
    Walk,
    choose,
    confirmed,
    field,
    fill,
    follow,
    menu,
    press,
    row,
    says,
)


def open_project(walk: Walk, who: str, name: str) -> Page:
    """The project's page, found in the list."""
    page = walk.person(who)
    menu(page, "项目一览")
    follow(page, name)
    return page


def sign_charter(walk: Walk, who: str, name: str) -> str:
    """The team's leader signs; returns the project's number."""
    page = open_project(walk, who, name)
    walk.look(page, f"{who}-project-new")
    confirmed(page, "签署任务书")
    says(page, "已签署任务书")
    found = re.search(r"LX-\d{4}-\d{2}-\d+", page.locator("body").inner_text())
    assert found
    return found[0]


def start(walk: Walk, name: str, day: date) -> None:
    """The office sets the work going."""
    page = open_project(walk, "office", name)
    follow(page, "开始实施")
    fill(page, 开始日期=f"{day:%Y-%m-%d}")
    walk.look(page, "office-start")
    press(page, "开始实施")
    says(page, "已开始实施")


def report_month(walk: Walk, who: str, name: str, values: Mapping[str, str]) -> None:
    """A member of the team types the month's figures and hands them in."""
    page = open_project(walk, who, name)
    follow(page, "填报进展")
    for indicator, value in values.items():
        page.get_by_label(f"{indicator}本期值", exact=True).fill(value)
    walk.look(page, f"{who}-month")
    press(page, "提交")
    says(page, f"已提交{len(values)}项数据")


def confirm_month(walk: Walk, who: str, name: str, verb: str) -> None:
    """Leader or office take up what was handed in, by way of the project's page."""
    page = open_project(walk, who, name)
    page.locator("main a[href$='/indicators/check']").first.click()
    walk.look(page, f"{who}-figures")
    press(page, f"{verb}所选")
    says(page, re.compile(f"已{verb}"))


def add_scenario(walk: Walk, who: str, name: str, scenario: str, merchant: str) -> None:
    """The team adds a scenario, a merchant, and the first two steps of its onboarding."""
    page = open_project(walk, who, name)
    page.locator("main").get_by_role("link", name="场景与商户", exact=True).click()
    follow(page, "增加场景")
    fill(page, 场景名称=scenario, 地点="东城区示范园区")
    choose(page, 场景类型="餐饮", 渠道="线下")
    walk.look(page, f"{who}-scenario")
    press(page, "保存")
    follow(page, "增加商户")
    fill(page, 商户名称=merchant, 门店数="3")
    press(page, "保存")
    follow(row(page, merchant), "登记步骤")
    for step in ("触达意向", "开立对公账户和钱包"):
        field(page, "步骤").select_option(label=step)
        fill(page, 佐证="经办人回访记录")
        press(page, "登记")
        says(page, f"已登记“{step}”")
    walk.look(page, f"{who}-steps")
    follow(page, "返回场景与商户")
    expect(row(page, merchant).get_by_text("开立对公账户和钱包")).to_be_visible()
    walk.look(page, f"{who}-scenarios")


def download_report(walk: Walk, folder: Path) -> Path:
    """The leading group has the report made, waits for the worker and takes the file."""
    page = walk.person("leading")
    menu(page, "报告中心")
    follow(page, "生成领导小组报告")
    fill(page, **{"第1项：事项": "扩大园区试点范围", "第1项：理由": "首月进展好于计划。"})
    walk.look(page, "leading-report-new")
    press(page, "锁定数据并生成")
    page.wait_for_url(re.compile(r"/reports/(?!new)\w+$"))  # sent once the draft is saved
    # The page opens itself anew once the worker is done.
    expect(page.get_by_role("button", name="下载PDF")).to_be_visible()
    walk.look(page, "leading-report")
    with page.expect_download() as download:
        press(page, "下载PDF")
    file = folder / "report.pdf"
    download.value.save_as(file)
    return file
