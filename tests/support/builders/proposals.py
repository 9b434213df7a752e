"""Proposals in any state, made by the real services as applicant and office would."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.calls.models.call import Call
from lab.extensions import db
from lab.inbox.letters import service as letters
from lab.inbox.models.letters import Letter
from lab.proposals.core.content import content
from lab.proposals.core.readiness import missing_content
from lab.proposals.joint import service as joint_service
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.corrections import ALL_FIELDS
from lab.proposals.rules.joint import confirmation
from lab.proposals.rules.screening import checklist
from lab.proposals.rules.screening.checklist import Mark
from lab.proposals.screening import service as screening_service
from lab.proposals.screening.avoided.queries import avoided_entries
from lab.proposals.submission import service as proposals
from lab.proposals.writing import service as drafts
from tests.support.cast import Cast, person

EVERYTHING = tuple(sorted(ALL_FIELDS))
ALL_OK = [Mark(item.code, checklist.OK) for item in checklist.ITEMS]


def content_values(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Everything that a complete proposal holds: led by `leader`, with `member` from the bank."""
    start = date(2022, 7, 1)
    values: dict[str, Any] = {
        "title": "园区数字人民币缴费【演示】",
        "unit_id": cast.post_branch,
        "joint_unit_id": cast.bank_branch,
        "partner_id": cast.partner,
        "project_type": "scene",
        "scenario_type": "park",
        "place": "东城区示范园区",
        "starts_on": start,
        "ends_on": date(2022, 12, 31),
        "leader_id": cast.leader,
        "leader_duty": "副总经理",
        "leader_phone": "010-10000000",
        "people": [{"person_id": cast.member, "duty": "商户拓展"}],
        "background": "园区缴费以现金为主。",
        "mode": "园区、邮政、银行三方合作。",
        "innovation": "缴费即开户。",
        "plan": "分三个阶段实施。",
        "departments": "市场部、个人金融部。",
        "linkage": "带动代发工资。",
        "smart_contract": False,
        "smart_contract_text": "",
        "milestones": [
            {"name": "完成系统对接", "due_on": start + timedelta(days=60)},
            {"name": "园区上线", "due_on": start + timedelta(days=150)},
        ],
        "targets": [
            {
                "indicator": "K01",
                "base": Decimal(0),
                "target": Decimal(1200),
                "due_on": date(2022, 12, 31),
            },
            {
                "indicator": "K06",
                "base": Decimal(5),
                "target": Decimal(30),
                "due_on": date(2022, 12, 31),
            },
        ],
        "budget": [
            {"item": "宣传物料", "amount_fen": 8_000_000, "note": "邮政营销费用"},
            {"item": "商户补贴", "amount_fen": 4_000_000, "note": "银行营销费用"},
        ],
        "budget_source": "本单位营销费用",
        "risks": "反洗钱、个人信息、资金安全、消费者保护均有安排。",
        "demonstration": "全市首个园区。",
        "replicability": "可推广到其他园区。",
        "unit_opinion": "同意申报。",
        "avoided": [],
    }
    return {**values, **changes}


def empty_draft(cast: Cast, call: Call) -> Proposal:
    """A draft of `applicant` in which nothing has been written."""
    proposal = drafts.create_draft(call, person(cast.applicant))
    db.session.commit()
    return proposal


def filled_draft(cast: Cast, call: Call, **changes: Any) -> Proposal:
    """A draft of `applicant` that can be submitted: the partner unit, if any, has confirmed."""
    proposal = unconfirmed_draft(cast, call, **changes)
    confirm(proposal)
    return proposal


def unconfirmed_draft(cast: Cast, call: Call, **changes: Any) -> Proposal:
    """A complete draft of `applicant` that the partner unit was not yet asked to confirm."""
    values = content_values(cast, **changes)
    proposal = drafts.create_draft(call, person(cast.applicant), title=values["title"])
    drafts.save_draft(drafts.SaveDraft(proposal, None, values))
    db.session.commit()
    return proposal


def confirm(proposal: Proposal, opinion: str = "同意联合申报。") -> None:
    """The partner unit is asked and confirms the draft as it stands; nothing for a lone unit, or
    where the content lacks something or is confirmed already."""
    state = content.confirmation_status(content.load_content(proposal))
    if state in (confirmation.ALONE, confirmation.CONFIRMED) or missing_content(proposal):
        return
    joint_service.request_confirmation(proposal, proposal.owner_id)
    db.session.commit()
    assert proposal.partner_id
    joint_service.confirm_joint(proposal, proposal.partner_id, proposal.version, opinion)
    db.session.commit()


def submitted_proposal(cast: Cast, call: Call, **changes: Any) -> Proposal:
    """A submitted proposal; submitted by `applicant`."""
    proposal = filled_draft(cast, call, **changes)
    proposals.submit(proposal, cast.applicant, pledged=True)
    db.session.commit()
    return proposal


def returned_proposal(
    cast: Cast,
    call: Call,
    due_on: date | None = None,
    reopened: Collection[str] = EVERYTHING,
    **changes: Any,
) -> Proposal:
    """A proposal that `office` returned for correction, due in five days and open as a whole if
    not said."""
    proposal = submitted_proposal(cast, call, **changes)
    due_on = due_on or clock.today() + timedelta(days=5)
    check(proposal, cast, "returned", due_on=due_on, reopened=reopened)
    return proposal


def accepted_proposal(cast: Cast, call: Call, **changes: Any) -> Proposal:
    """A proposal that passed the formality check."""
    proposal = submitted_proposal(cast, call, **changes)
    check(proposal, cast, "passed")
    return proposal


def check(
    proposal: Proposal,
    cast: Cast,
    outcome: str,
    due_on: date | None = None,
    reopened: Collection[str] = EVERYTHING,
    *,
    send: bool = True,
) -> None:
    """Record a formality check by `office` with this outcome; a return opens everything.

    `send`: its letter goes out at once, so that the outcome takes effect; a return is then due in
    five working days, or on `due_on`.
    """
    screening_service.record_check(
        proposal,
        None,
        checker_id=cast.office,
        marks=ALL_OK,
        outcome=outcome,
        reason="" if outcome == "passed" else "附件缺少合作意向书。",
        due_days=5 if outcome == "returned" else None,
        reopened=reopened if outcome == "returned" else (),
        matches=matches_by_name(proposal),
    )
    if send:
        letter = letter_of(proposal)
        letters.send_letter(letter, letter.version, cast.office)
        proposal.checks[-1].due_on = due_on or proposal.checks[-1].due_on
    db.session.commit()


def avoiding(person_id: int, reason: str) -> dict[str, str]:
    """The row with which an applicant asks not to be reviewed by this person."""
    who = person(person_id)
    return {"name": who.name, "unit": who.unit_name, "reason": reason}


def matches_by_name(proposal: Proposal) -> dict[int, int | None]:
    """What the office finds for each entry of whom to avoid: the person of that name."""
    entries = avoided_entries(proposal)
    return {
        entry.id: next((p.id for p in entry.candidates if p.name == entry.name), None)
        for entry in entries
    }


def letter_of(proposal: Proposal) -> Letter:
    """The newest letter about a proposal."""
    newest = select(Letter).where(Letter.object_key == proposal.key).order_by(Letter.id.desc())
    return db.session.scalars(newest.limit(1)).one()


def send_letter(proposal: Proposal, cast: Cast) -> None:
    """The office sends the newest letter about a proposal."""
    letter = letter_of(proposal)
    letters.send_letter(letter, letter.version, cast.office)
    db.session.commit()
