"""The acts on a proposal up to review: fill in, submit, formality check, correction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser.journey import (
    Walk,
    choose,
    field,
    fill,
    follow,
    menu,
    name_person,
    press,
    row,
    says,
)
from tests.browser.steps.call import attachment

BUDGET = {"宣传物料": "80000", "商户补贴": "40000.5"}


def _save(page: Page, heading: str) -> None:
    press(page, "保存并继续")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def _basics(
    page: Page, title: str, start: date, team: Mapping[str, str], joint: Mapping[str, str]
) -> None:
    fill(
        page,
        项目名称=title,
        实施地点="东城区示范园区",
        计划开始日期=f"{start:%Y-%m-%d}",
        计划结束日期=f"{start + timedelta(days=300):%Y-%m-%d}",
        负责人职务="副总经理",
        负责人电话="010-10000000",
    )
    choose(page, 项目类型="场景建设", 场景类型="园区/商圈")
    for unit, partner in joint.items():
        choose(page, 联合申报单位=unit)
        name_person(page, "联合单位确认人", partner)
    for place, (name, duty) in enumerate(team.items()):
        if place == 0:
            name_person(page, "负责人", name)
        else:
            name_person(page, f"第{place}行，成员", name)
            field(page, f"第{place}行，分工").fill(duty)


def _targets(page: Page, start: date) -> None:
    for place, (name, days) in enumerate((("完成系统对接", 60), ("园区上线", 150)), start=1):
        field(page, f"第{place}行，里程碑").fill(name)
        field(page, f"第{place}行，完成日期").fill(f"{start + timedelta(days=days):%Y-%m-%d}")
    wanted = (("开立个人钱包数（个）", "1200"), ("受理商户数（户）", "30"))
    for place, (name, number) in enumerate(wanted, start=1):
        field(page, f"第{place}行，指标").select_option(label=name)
        field(page, f"第{place}行，目标值").fill(number)
        field(page, f"第{place}行，完成期限").fill(f"{start + timedelta(days=300):%Y-%m-%d}")
    for place, (name, amount) in enumerate(
        (("宣传物料", "80000"), ("商户补贴", "40000.5")), start=1
    ):
        field(page, f"第{place}行，科目").fill(name)
        field(page, f"第{place}行，金额").fill(amount)
    expect(page.locator(".rows-total")).to_have_text("合计120,000.5元")


def apply(
    walk: Walk,
    who: str,
    title: str,
    start: date,
    team: Mapping[str, str],
    joint: Mapping[str, str] | None = None,
) -> str:
    """An applicant fills in the six steps, checks and submits; returns the official number.

    `joint` names the partner unit and its person, who confirms before the submission.
    """
    page = walk.person(who)
    menu(page, "申报书")
    press(page, "开始申报")
    _basics(page, title, start, team, joint or {})
    walk.look(page, "applicant-step-1")
    _save(page, "背景与模式")
    fill(
        page,
        项目背景与必要性="园区缴费以现金为主，对账不便。",
        项目模式="园区、邮政、银行三方合作。",
    )
    walk.look(page, "applicant-step-2")
    _save(page, "实施方案与联动")
    fill(
        page,
        实施方案="分对接、试点、推广三个阶段实施。",
        涉及业务与协同部门="市场部、个人金融部。",
        与传统业务联动设想="带动代发工资和收单业务。",
    )
    walk.look(page, "applicant-step-3")
    _save(page, "里程碑与指标")
    _targets(page, start)
    walk.look(page, "applicant-step-4")
    _save(page, "风险与示范")
    fill(
        page,
        风险与合规分析="反洗钱、个人信息、资金安全、消费者保护均有安排。",
        示范性说明="全市首个园区。",
        可复制性说明="可推广到其他园区。",
    )
    walk.look(page, "applicant-step-5")
    _save(page, "附件与提交")
    fill(page, 申报单位意见="同意申报。")
    page.get_by_label("附件", exact=True).set_input_files(attachment("合作意向书.pdf"))
    walk.look(page, "applicant-step-6")
    press(page, "保存并核对提交")
    if joint:
        ask_partner(walk, page, title)
    walk.look(page, "applicant-check")
    return submit(page)


def ask_partner(walk: Walk, page: Page, title: str) -> None:
    """The lead unit asks, the partner unit reads and confirms; the lead goes on to submit."""
    page.get_by_role("link", name="尚未提请联合单位确认").or_(
        page.get_by_role("link", name="确认已失效")
    ).click()
    press(page, "提请联合单位确认")
    says(page, "已提请联合单位确认")
    partner = walk.person("partner")
    partner.goto("/")
    follow(row(partner, title), "确认联合申报")
    expect(partner.get_by_role("heading", name="请阅读全部内容")).to_be_visible()
    walk.look(partner, "partner-confirm")
    field(partner, "联合单位意见").fill("同意联合申报，由个人金融部承担。")
    press(partner, "确认")
    says(partner, "已确认，牵头单位会收到通知")
    page.reload()
    expect(page.locator("main").get_by_text("确认后内容没有修改").first).to_be_visible()
    walk.look(page, "applicant-joint")
    follow(page, "核对并提交")


def submit(page: Page) -> str:
    """Pledge and submit; the number that the message names."""
    page.get_by_label(re.compile("^签署承诺")).check()
    press(page, "提交")
    says(page, "已提交，申报编号")
    found = re.search(r"SB-\d{4}-\d{2}-\d+", page.locator("main").inner_text())
    assert found
    return found[0]


def _check(page: Page, number: str, outcome: str) -> None:
    menu(page, "形式审查")
    follow(row(page, number), "审查")
    # The button stands below the items: with it, all of them have come.
    expect(page.get_by_role("button", name="办理", exact=True)).to_be_visible()
    for group in page.locator(".check-item").all():
        group.get_by_label("合格", exact=True).check()
    page.get_by_label(outcome, exact=True).check()


def send_back(walk: Walk, number: str, reason: str) -> None:
    """The office returns a proposal for correction: attachments and the unit's opinion."""
    page = walk.person("office")
    _check(page, number, "退回补正")
    page.locator("summary").filter(has_text="附件与提交").click()
    whole = page.get_by_label("整个步骤").last
    whole.scroll_into_view_if_needed()
    frames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    page.evaluate(frames)  # the panel moves with the page a frame later
    whole.check()
    field(page, "理由").fill(reason)
    walk.look(page, "office-check")
    press(page, "办理")
    says(page, f"{number}已办理：退回补正")
    send_letters(walk, 1)


def send_letters(walk: Walk, count: int) -> None:
    """The office sends the letters that tell the outcomes, which take effect with them."""
    page = walk.person("office")
    menu(page, "发件箱")
    follow(page, "发送全部")
    walk.look(page, "office-letters")
    press(page, f"发送{count}件")
    says(page, f"已发送{count}件")


def correct(walk: Walk, who: str, title: str, reason: str, joint: bool = False) -> str:
    """The applicant reads why, mends it and submits again; a partner unit confirms again."""
    page = walk.person(who)
    menu(page, "申报书")
    follow(page, title)
    expect(page.locator("main").get_by_text(reason).first).to_be_visible()
    walk.look(page, f"{who}-returned")
    follow(page, "补正")
    page.get_by_role("navigation", name="步骤").get_by_role(
        "link", name="附件与提交（可修改）"
    ).click()
    fill(page, 申报单位意见="同意申报，材料已盖章。")
    press(page, "保存并核对提交")
    if joint:
        ask_partner(walk, page, title)
    return submit(page)


def pass_check(walk: Walk, numbers: Sequence[str]) -> None:
    """The office finds the proposals in order."""
    page = walk.person("office")
    for number in numbers:
        _check(page, number, "合格，进入待评审")
        press(page, "办理")
        says(page, f"{number}已办理：合格")
    walk.look(page, "office-checked")
    send_letters(walk, len(numbers))
