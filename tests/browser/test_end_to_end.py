"""The main job, end to end, on an empty database: from a call to a leader's PDF."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from pypdf import PdfReader

from lab import clock
from tests.browser.conftest import Portal, Visit
from tests.browser.journey import Walk, menu
from tests.browser.steps import call as steps_call
from tests.browser.steps import project, proposal, review

pytestmark = pytest.mark.browser

FIRST, SECOND = "园区数字人民币缴费", "校园数字人民币食堂"
REASON = "附件缺少单位盖章，请补充后重新提交。"
REVIEWERS = ("评委甲", "评委乙", "评委丙", "评委丁")


def _next_month(today: date) -> date:
    """The second day of the month after `today`: its month is over and not yet overdue."""
    return (today.replace(day=1) + timedelta(days=32)).replace(day=2)


def _pages(file: Path) -> list[str]:
    """The text of each page without blanks: the layout breaks lines where it must."""
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(file).pages]


@pytest.mark.two_processes
@pytest.mark.usefixtures("worker")
def test_the_main_job_runs_from_the_call_to_the_leaders_pdf(
    as_person: Visit, portal: Portal, tmp_path: Path
) -> None:
    walk = Walk(as_person)
    now = clock.beijing(clock.now())

    # The call, two proposals, the formality check.
    steps_call.announce_call(walk, now)
    team = {"组长甲": "副总经理", "组员甲": "商户拓展"}
    joint = {"银行 · 邮储东城支行": "联合甲"}
    first = proposal.apply(walk, "applicant", FIRST, now.date(), team, joint)
    second = proposal.apply(walk, "stranger", SECOND, now.date(), {"外人甲": "负责人"})
    assert (first[-3:], second[-3:]) == ("001", "002")
    proposal.send_back(walk, first, REASON)
    assert proposal.correct(walk, "applicant", FIRST, REASON, joint=True) == first
    proposal.pass_check(walk, [first, second])
    steps_call.close_call(walk)

    # Review: own totals by hand, e.g. (30×90 + 20×80 + 25×85 + 25×70) ÷ 100 = 81.75.
    review.assign(
        walk,
        {FIRST: ("评委甲", "评委乙", "评委丙"), SECOND: ("评委乙", "评委丁")},
        recused=(FIRST, "评委丁"),
    )
    review.review(walk, "reviewer", {FIRST: ((90, 80, 85, 70), "81.75")})
    review.review(
        walk,
        "reviewer2",
        {FIRST: ((88, 77, 91, 64), "80.55"), SECOND: ((72, 65, 70, 68), "69.10")},
    )
    review.review(walk, "reviewer3", {FIRST: ((95, 82, 79, 73), "82.90")})
    review.review(walk, "recused", {SECOND: ((61, 62, 60, 66), "62.20")})
    review.close_round(walk)

    # Ranking: criterion means first (273, 239, 255, 207 over three sheets), then the weights.
    exact = Fraction(30 * 273 + 20 * 239 + 25 * 255 + 25 * 207, 3 * 100)
    assert exact == Fraction(8173, 100) + Fraction(1, 300)
    best, other = review.ranking(walk)
    assert (best["名次"], best["编号"], best["区位"]) == ("1", first, "入围")
    assert (best["正式得分"], best["中位数"], best["极差"]) == ("81.73", "81.75", "2.35")
    assert [best[name] for name in steps_call.CRITERIA] == ["91.00", "79.67", "85.00", "69.00"]
    assert (other["名次"], other["编号"], other["区位"]) == ("2", second, "未入围")
    assert other["正式得分"] == "65.65"
    review.propose(walk, {FIRST: "拟立项", SECOND: "不立项"})
    review.approve(walk)
    review.publish(walk)

    # What applicants see: their own total and comments without names.
    for who, title, score, others in (
        ("applicant", FIRST, "81.73", "65.65"),
        ("stranger", SECOND, "65.65", "81.73"),
    ):
        text = review.result(walk, who, title)
        assert score in text and others not in text
        assert "思路清楚" in text and "评委一" in text
        assert not [name for name in REVIEWERS if name in text]

    # The project: charter, start, and the figures of its first month once that is over.
    number = project.sign_charter(walk, "leader", FIRST)
    assert number == f"LX-{first[3:10]}-01"
    today = clock.today()
    project.start(walk, FIRST, today)
    portal.turn_on_days((_next_month(today) - today).days)
    walk.signed_out()
    project.report_month(walk, "member", FIRST, {"开立个人钱包数": "318", "受理商户数": "12"})
    project.confirm_month(walk, "leader", FIRST, "确认")
    project.confirm_month(walk, "office", FIRST, "核定")
    project.add_scenario(walk, "member", FIRST, "园区食堂", "甲餐饮公司")
    page = project.open_project(walk, "leading", FIRST)
    walk.look(page, "leading-project")
    for label in ("项目一览", "指标汇总", "场景与商户"):
        menu(page, label)
        walk.look(page, f"leading-{label}")

    # The report.
    pages = _pages(project.download_report(walk, tmp_path))
    text = "".join(pages)
    for wanted in (FIRST, number, "318", "扩大园区试点范围"):
        assert wanted in text
    assert [f"—{place}—" in page for place, page in enumerate(pages, 1)] == [True] * len(pages)
    assert SECOND not in text and "演示" not in text
    assert walk.trouble == []
