"""Two more demonstration calls, one under review and one open, so that every role has work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lab import clock
from lab.calls.criteria import service as criteria_service
from lab.calls.models.call import Call
from lab.calls.pages import service as calls_service
from lab.calls.pages.service import Particulars
from lab.calls.rules import check_items
from lab.calls.rules.rubric import default_criteria
from lab.db import transition
from lab.demo.joint import ask
from lab.demo.people import DemoCast
from lab.demo.reviews import (
    OFFICE,
    REVIEWERS,
    accept,
    conflict,
    draft,
    new_sheet,
    pledge,
    store_sheet,
    submit,
)
from lab.extensions import db
from lab.inbox.letters import service as letters_service
from lab.inbox.letters.access import find_letter
from lab.inbox.letters.queries import newest_key
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.screening.checklist import FAIL, OK, RETURNED, Mark
from lab.proposals.screening import service as screening_service

NOTICE = """【演示】请各单位围绕数字人民币受理环境和业务联动组织申报，鼓励邮政与银行单位联合申报。

## 征集范围
| 方向 | 内容 |
| --- | --- |
| 场景建设 | 商圈、园区、街区、公共缴费 |
| 硬钱包应用 | 老年助餐、校园、冰雪场馆 |
| 业务联动 | 代发、商户进件、缴费带动开户 |

## 申报要求
1. 每个项目须有明确的目标、里程碑和负责人。
2. 预期指标写明现状值、目标值和完成期限。
3. 风险与合规分析须包含**反洗钱、个人信息、资金安全、消费者保护**四个方面。

## 材料
- 申报书（在本系统填写）
- 合作意向书等证明材料

联系人：实施办公室（【演示】）"""
MISSING = "【演示】没有附合作意向书。"
UNDER_REVIEW = (("街区便民服务", 85), ("老年助餐点", 79), ("冰雪场馆", 74))


def store(data: dict[str, Any], cast: DemoCast) -> None:
    """Store both calls with their proposals."""
    year = clock.today().year
    _reviewing(data["proposals"], cast, _call(year, 1, "第二批", "评审中"))
    _open(data["proposals"], cast, _call(year, 2, "第三批", "征集中"))


def _call(year: int, batch: int, name: str, remark: str) -> Call:
    now = clock.now()
    call = calls_service.create(
        Particulars(
            year=year,
            batch=batch,
            title=f"【演示】{name}创新项目征集（{remark}）",
            notice_text=NOTICE,
            opens_at=now - timedelta(days=30),
            closes_at=now + timedelta(days=20),
            places=2,
        ),
        is_demo=True,
    )
    criteria_service.apply_preset(call, call.version, default_criteria())
    db.session.flush()
    calls_service.publish(call)
    calls_service.open_now(call)
    db.session.flush()
    return call


def _variant(row: dict[str, Any], name: str, quality: int) -> dict[str, Any]:
    return {
        **row,
        "title": f"【演示】{name}数字人民币应用项目",
        "place": f"【演示】{name}",
        "quality": quality,
        "starts_on": clock.today(),
        "milestones": [["完成签约", 30, "open"], ["全面上线", 180, "open"]],
    }


def _reviewing(rows: list[dict[str, Any]], cast: DemoCast, call: Call) -> None:
    """Store proposals under review: the last two reviewers have not submitted yet."""
    at = clock.now() - timedelta(days=20)
    proposals = []
    for (name, quality), base in zip(UNDER_REVIEW, rows[:3], strict=True):
        row = _variant(base, name, quality)
        proposal = draft(row, cast, call)
        submit(proposal, call, at)
        accept(proposal, cast, at + timedelta(days=2))
        proposals.append((row, proposal))
    calls_service.close_now(call)
    calls_service.freeze_rules_for_review(call)
    pledge(cast, call, clock.now() - timedelta(hours=1))
    for row, proposal in proposals:
        transition(proposal, "open_review")
        for key in REVIEWERS[:5]:
            store_sheet(row, proposal, key, cast, clock.now() - timedelta(minutes=30))
        for key in REVIEWERS[5:]:
            if not conflict(row, key, cast):
                db.session.add(new_sheet(proposal, key, cast))
    db.session.flush()


def _open(rows: list[dict[str, Any]], cast: DemoCast, call: Call) -> None:
    """Store three proposals at work: to be checked, to be confirmed, and returned."""
    returned = draft(_variant(rows[2], "校园食堂", 80), cast, call)
    submit(returned, call, clock.now() - timedelta(days=2))
    _return(returned, cast)
    submitted = draft(_variant(rows[0], "胡同小店", 80), cast, call)
    submit(submitted, call, clock.now() - timedelta(hours=2))
    ask(draft(_variant(rows[1], "园区通勤班车", 80), cast, call), clock.now() - timedelta(hours=3))


def _return(proposal: Proposal, cast: DemoCast) -> None:
    """Return a proposal for missing evidence; the applicant has five working days."""
    marks = [
        Mark(item.code, FAIL, MISSING) if item.code == "evidence" else Mark(item.code, OK)
        for item in check_items.from_plain(proposal.call.check_items)
    ]
    screening_service.record_check(
        proposal,
        None,
        checker_id=cast.id(OFFICE),
        marks=marks,
        outcome=RETURNED,
        reason=f"{MISSING}请补充后重新提交。",
        due_days=5,
        reopened=("risks", "files"),
    )
    letter = find_letter(newest_key("Proposal", proposal.key))
    assert letter is not None
    letters_service.send_letter(letter, letter.version, cast.id(OFFICE))
