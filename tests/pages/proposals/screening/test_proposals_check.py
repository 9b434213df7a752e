"""The formality check as the office meets it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.inbox.models.letters import Letter
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.screening import checklist
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import filled_draft, submitted_proposal
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

PASS_ALL = {item.code: checklist.OK for item in checklist.ITEMS}


@pytest.fixture
def sent(app: Flask, cast: Cast) -> str:
    """The key of a submitted proposal."""
    with app.app_context():
        return submitted_proposal(cast, open_call(cast)).key


def send_letter(office: PageClient, app: Flask, key: str) -> None:
    """Send the letter about the proposal, as the office does from its page."""
    with app.app_context():
        letter = db.session.scalars(select(Letter.key).where(Letter.object_key == key)).all()[-1]
    office.submit(f"/letters/{letter}")


def status_of(app: Flask, key: str) -> str:
    with app.app_context():
        return db.session.scalars(select(Proposal.status).where(Proposal.key == key)).one()


def test_the_queue_lists_what_waits_and_counts_the_rest(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        submitted_proposal(cast, call, title="等待审查【演示】")
        filled_draft(cast, call, title="还在写【演示】")
    text = text_of(client.as_(cast.office).get("/checks"))
    assert "等待审查" in text and "还在写" not in text and "已提交 1" in text
    missed = text_of(client.as_(cast.office).get("/checks?q=没有此事"))
    assert "没有符合条件的申报书" in missed and "没有等待形式审查" not in missed
    client.as_(cast.applicant).get("/checks", status=403)


def test_an_office_clerk_passes_a_proposal(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    office = client.as_(cast.office)
    office.submit(f"/checks/{sent}", {**PASS_ALL, "outcome": "passed"})
    assert status_of(app, sent) == "checked"
    assert "没有等待形式审查" in text_of(office.get("/checks"))
    office.get(f"/checks/{sent}", status=409)
    applicant = client.as_(cast.applicant)
    shown = text_of(applicant.get(f"/proposals/{sent}"))
    assert "审查完成，等待发函" in shown and "形式审查记录" not in shown
    assert "函件尚未发送" in text_of(office.get(f"/proposals/{sent}"))
    send_letter(office, app, sent)
    assert status_of(app, sent) == "accepted"
    assert "形式审查记录" in text_of(applicant.get(f"/proposals/{sent}"))


def test_a_return_is_due_in_five_working_days(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    office = client.as_(cast.office)
    office.submit(
        f"/checks/{sent}",
        {
            "evidence": "fail",
            "evidence_note": "缺盖章页",
            "outcome": "returned",
            "reason": "请补盖章。",
            "open_files": ["unit_opinion"],
            "open_background": ["step-background"],
        },
    )
    waiting = text_of(client.as_(cast.applicant).get(f"/proposals/{sent}"))
    assert "请补盖章。" not in waiting and "缺盖章页" not in waiting
    send_letter(office, app, sent)
    assert status_of(app, sent) == "returned"
    text = text_of(client.as_(cast.applicant).get(f"/proposals/{sent}"))
    assert "退回补正" in text and "请补盖章。" in text and "缺盖章页" in text
    last = clock.cn_date(clock.add_working_days(clock.today(), 5))
    assert f"请于{last}24时前重新提交" in text
    assert "背景与模式（整个步骤）" in text and "附件与提交：申报单位意见" in text


def test_what_the_clerk_typed_stays_when_the_reason_is_missing(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    page = client.as_(cast.office).submit(
        f"/checks/{sent}",
        {
            "unique": "fail",
            "unique_note": "与去年项目相近",
            "outcome": "refused",
            "confirmed": "1",
        },
        status=422,
    )
    assert "请写明理由" in text_of(page) and "与去年项目相近" in page.text
    assert status_of(app, sent) == "submitted"
    assert "与去年项目相近" in client.as_(cast.office2).get(f"/checks/{sent}").text


def test_a_refusal_is_confirmed_and_explained(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    office, wanted = client.as_(cast.office), {"outcome": "refused", "reason": "与在办项目重复。"}
    page = text_of(office.submit(f"/checks/{sent}", wanted, status=422))
    assert (
        "请核对编号和名称并勾选" in page and "SB-2022-01-001《园区数字人民币缴费【演示】》" in page
    )
    office.submit(f"/checks/{sent}", {**wanted, "confirmed": "1"})
    send_letter(office, app, sent)
    text = text_of(client.as_(cast.applicant).get(f"/proposals/{sent}"))
    assert "不予受理" in text and "与在办项目重复。" in text


def test_only_an_office_person_outside_the_proposal_checks_it(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        members = [{"person_id": cast.office, "duty": "协调"}]
        key = submitted_proposal(cast, open_call(cast), people=members).key
    client.as_(cast.office).get(f"/checks/{key}", status=403)
    assert "本人参与" in text_of(client.as_(cast.office).get("/checks"))
    client.as_(cast.office2).get(f"/checks/{key}")
    client.as_(cast.applicant).get(f"/checks/{key}", status=403)
    client.as_(cast.stranger).get(f"/checks/{key}", status=404)


def test_two_clerks_cannot_decide_the_same_submission(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    client.as_(cast.office2).submit(f"/checks/{sent}", {**PASS_ALL, "outcome": "passed"})
    client.as_(cast.office).post(
        f"/checks/{sent}",
        {"version": "0", "submission": "1", "outcome": "refused", "reason": "晚了"},
        status=409,
    )
    assert status_of(app, sent) == "checked"
