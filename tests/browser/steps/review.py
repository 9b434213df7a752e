"""The acts of review and decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playwright.sync_api import Page, expect

from tests.browser.journey import Walk, confirmed, field, follow, menu, press, row, says
from tests.browser.steps.call import CRITERIA
from tests.support.cast import PASSWORD

COMMENT = "思路清楚，建议进一步明确各方分工。"


def assign(walk: Walk, wanted: Mapping[str, Sequence[str]], recused: tuple[str, str]) -> None:
    """The office ticks reviewers by hand; the pair `recused` (title, name) cannot be ticked."""
    page = walk.person("office")
    menu(page, "评审组织")
    page.locator("main table").get_by_role("link").first.click()
    page.locator("main").get_by_role("link", name="分配评委").first.click()
    title, name = recused
    expect(page.get_by_label(f"{title}，{name}", exact=True)).to_have_count(0)
    expect(page.get_by_text(f"{name}：").first).to_be_visible()
    for project, reviewers in wanted.items():
        for reviewer in reviewers:
            page.get_by_label(f"{project}，{reviewer}", exact=True).check()
    walk.look(page, "office-assign")
    press(page, "保存分配")
    says(page, f"新分配{sum(map(len, wanted.values()))}人次")
    page.get_by_role("link", name="返回评审").click()
    confirmed(page, "开启评审")
    says(page, "评审已开启")
    walk.look(page, "office-round")


def review(walk: Walk, who: str, marks: Mapping[str, tuple[Sequence[int], str]]) -> None:
    """A reviewer signs the pledge, then scores each project: title → (scores, own total)."""
    page = walk.person(who)
    menu(page, "我的评审")
    follow(page, "阅读并签署承诺")
    walk.look(page, "reviewer-pledge")
    press(page, "签署承诺")
    says(page, "承诺已签署")
    for title, (scores, total) in marks.items():
        follow(row(page, title), "评审")
        _score(page, scores, total)
        walk.look(page, "reviewer-sheet")
        press(page, "提交评审")
        says(page, "的评审已提交")
        expect(row(page, title).get_by_text(total, exact=True)).to_be_visible()
    walk.look(page, "reviewer-done")


def _score(page: Page, scores: Sequence[int], total: str) -> None:
    live = page.locator("[data-total-value]")
    for name, score in zip(CRITERIA, scores, strict=True):
        expect(live).to_have_text("—")
        field(page, f"{name}得分").fill(str(score))
    expect(live).to_have_text(f"{total} 分")
    page.get_by_label("建议立项", exact=True).check()
    field(page, "综合评语").fill(COMMENT)
    press(page, "保存")
    says(page, "保存不等于提交")
    expect(live).to_have_text(f"{total} 分")


def close_round(walk: Walk) -> None:
    """The office sees that nobody owes a sheet, and ends the round."""
    page = walk.person("office")
    menu(page, "评审组织")
    page.locator("main table").get_by_role("link").first.click()
    follow(page, "结束评审")
    walk.look(page, "office-close-round")
    press(page, "结束评审")
    says(page, "排名已定稿")


def ranking(walk: Walk) -> list[dict[str, str]]:
    """The ranking's lines as the office sees them: heading → cell."""
    page = walk.person("office")
    walk.look(page, "office-ranking")
    table = page.get_by_role("table", name="评审排名")
    heads = [text.strip() for text in table.locator("thead th").all_inner_texts()]
    lines = table.locator("tbody tr:not(.cut-line)").all()
    cells = [[text.strip() for text in line.locator("td, th").all_inner_texts()] for line in lines]
    return [dict(zip(heads, line, strict=True)) for line in cells]


def propose(walk: Walk, marks: Mapping[str, str]) -> None:
    """The office marks each project (title → mark) and puts the list forward."""
    page = walk.person("office")
    press(page, "拟定立项建议")
    says(page, "已按排名预填建议")
    for title, mark in marks.items():
        row(page, title).get_by_role("combobox").select_option(label=mark)
    walk.look(page, "office-propose")
    press(page, "提请审定")
    says(page, "已提请领导小组审定")


def approve(walk: Walk) -> None:
    """The leading group looks at the list and agrees."""
    page = walk.person("leading")
    menu(page, "立项审定")
    page.locator("main table").get_by_role("link").first.click()
    walk.look(page, "leading-decision")
    field(page, "审定意见").fill("同意，请抓紧实施。")
    press(page, "同意")
    says(page, "已审定同意")


def publish(walk: Walk) -> None:
    """The office makes the result public."""
    page = walk.person("office")
    menu(page, "立项审定")
    page.locator("main table").get_by_role("link").first.click()
    follow(page, "公布结果")
    walk.look(page, "office-publish")
    field(page, "登录密码").fill(PASSWORD)
    press(page, "确认公布")
    says(page, "结果已公布")
    walk.look(page, "office-published")


def result(walk: Walk, who: str, title: str) -> str:
    """What an applicant reads of the own result."""
    page = walk.person(who)
    menu(page, "申报书")
    follow(page, title)
    follow(page, "查看评审结果")
    walk.look(page, f"{who}-result")
    return page.locator("main").inner_text()
