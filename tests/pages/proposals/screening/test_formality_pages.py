"""The formality check over an afternoon: drafts, one after another, what came back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import event, func, select

from lab import clock
from lab.audit.models import AuditEvent
from lab.calls.models.call import Call
from lab.extensions import db
from lab.inbox.letters import service as letters
from lab.inbox.models.letters import Letter
from lab.proposals.models.check_drafts import CheckDraft
from lab.proposals.models.proposal import FormalityCheck, Proposal
from lab.proposals.rules.screening import checklist
from lab.proposals.submission import service as proposals
from lab.proposals.writing import service as drafts
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    check,
    confirm,
    letter_of,
    returned_proposal,
    submitted_proposal,
)
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of
from tests.support.concurrency import together

JSON = {"Origin": "http://localhost", "Accept": "application/json"}
PASS_ALL = {item.code: checklist.OK for item in checklist.ITEMS}


@pytest.fixture
def sent(app: Flask, cast: Cast) -> str:
    """The key of a submitted proposal."""
    with app.app_context():
        return submitted_proposal(cast, open_call(cast)).key


def values_of(page: str, form: str = "//form[@id='checklist']") -> dict[str, str]:
    return dict(lxml_html.fromstring(page).xpath(form)[0].form_values())


# -- drafts ------------------------------------------------------------------------------------


def test_two_clerks_share_one_check_draft(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    office = client.as_(cast.office)
    values = values_of(office.get(f"/checks/{sent}").text)
    typed = {**values, "opinion": "fail", "opinion_note": "没有盖章\x00", "reason": "请补"}
    told = office.http.post(f"/checks/{sent}/draft", data=typed, headers=JSON)
    assert told.status_code == 200 and told.json is not None
    assert told.json["version"] == 1 and len(told.json["saved_at"]) == 5
    other = client.as_(cast.office2).get(f"/checks/{sent}")
    assert "经办甲在" in text_of(other) and "保存了审查草稿" in text_of(other)
    again = values_of(other.text)
    assert (again["opinion"], again["reason"].strip(), again["version"]) == ("fail", "请补", "1")
    assert "没有盖章" in again["opinion_note"]
    assert "经办甲" in text_of(office.get("/checks"))


def test_two_clerks_saving_at_once_see_both_texts(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    one, two = client.as_(cast.office), client.as_(cast.office2)
    values = values_of(two.get(f"/checks/{sent}").text)
    one.submit(f"/checks/{sent}", {"evidence": "fail", "evidence_note": "缺附件二"}, status=422)
    mine = {**values, "evidence": "ok", "evidence_note": "附件都在"}
    scripted = two.http.post(f"/checks/{sent}/draft", data=mine, headers=JSON)
    assert scripted.status_code == 409 and scripted.json["state"] == "clash"  # type: ignore[index]
    answer = two.http.post(f"/checks/{sent}", data=mine, headers={"Origin": "http://localhost"})
    assert answer.status_code == 409
    assert "附件都在" in text_of(answer) and "缺附件二" in text_of(answer)
    root = lxml_html.fromstring(answer.text)
    form = next(f for f in root.xpath("//main//form") if f.get("action"))
    assert form.get("action") == f"/checks/{sent}/draft"
    two.post(form.get("action"), dict(form.form_values()))
    kept = values_of(one.get(f"/checks/{sent}").text)
    assert (kept["evidence"], kept["evidence_note"]) == ("ok", "附件都在")


def test_a_retried_save_does_not_conflict_with_itself(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    office = client.as_(cast.office)
    values = {**values_of(office.get(f"/checks/{sent}").text), "tab": "abcdefgh1234:1"}
    answers = [
        office.http.post(
            f"/checks/{sent}/draft", data={**values, "reason": reason}, headers=JSON
        ).status_code
        for reason in ("第一次", "第一次，再发")
    ]
    assert answers == [200, 200]
    stranger = {**values, "tab": "zzzzzzzz1234:1", "reason": "别的页面"}
    assert office.http.post(f"/checks/{sent}/draft", data=stranger, headers=JSON).status_code == 409


def test_a_recorded_check_deletes_its_draft(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    office = client.as_(cast.office)
    office.submit(f"/checks/{sent}", {"outcome": "passed"}, status=422)
    office.submit(f"/checks/{sent}", {**PASS_ALL, "outcome": "passed"})
    with app.app_context():
        lines = select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(2)
        assert list(db.session.scalars(lines)) == ["proposal.check", "proposal.check_draft"]
        assert db.session.scalar(select(func.count()).select_from(CheckDraft)) == 0


def test_fifty_clerks_at_once_record_one_outcome(
    both_client: PageClient, both_app: Flask, both_cast: Cast
) -> None:
    with both_app.app_context():
        key = submitted_proposal(both_cast, open_call(both_cast)).key
    clerks = [both_client.as_((both_cast.office, both_cast.office2)[n % 2]) for n in range(50)]
    values = {**values_of(clerks[0].get(f"/checks/{key}").text), **PASS_ALL, "outcome": "passed"}
    tokens = [clerk.token() for clerk in clerks]

    def post(number: int) -> int:
        data = {**values, "csrf_token": tokens[number], "post_key": f"{number:024x}"}
        answer = clerks[number].http.post(
            f"/checks/{key}", data=data, headers={"Origin": "http://localhost"}
        )
        return answer.status_code

    statuses = together(50, post)
    assert sorted(set(statuses)) == [303, 409] and statuses.count(303) == 1
    with both_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FormalityCheck)) == 1


# -- one after another -------------------------------------------------------------------------


def test_the_next_check_skips_ones_own_proposals(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        first, second = (submitted_proposal(cast, call, title=f"首次{n}") for n in "甲乙")
        back = returned_proposal(cast, call, title="补正", due_on=clock.today())
        with clock.freeze(clock.now() + timedelta(days=3)):
            proposals.submit(back, cast.applicant, pledged=True)
            db.session.commit()
        submitted_proposal(cast, call, title="本单位", unit_id=cast.post_root, joint_unit_id=None)
        members = [{"person_id": cast.office, "duty": "协调"}]
        submitted_proposal(cast, call, title="本人", people=members)
        keys = [proposal.key for proposal in (back, first, second)]
    office = client.as_(cast.office)
    listed = text_of(office.get("/checks"))
    assert listed.index("逾期补正3天") < listed.index("首次甲") < listed.index("首次乙")
    assert "本单位" in listed and "本人参与" in listed
    assert office.get("/checks/next", 303).headers["Location"] == f"/checks/{keys[0]}"
    # One check was recorded today already: the return. The office's own proposals wait as well.
    page = office.get(f"/checks/{keys[0]}")
    assert "本日已办1份，待办5份" in text_of(page) and "逾期补正3天" in text_of(page)
    went = [
        office.get(f"/checks/next?past={key}", 303).headers["Location"].removeprefix("/checks/")
        for key in keys
    ]
    assert went == [keys[1], keys[2], keys[0]]
    answer = office.submit(f"/checks/{keys[1]}", {**PASS_ALL, "outcome": "passed"})
    after = office.get(answer.headers["Location"], 303).headers["Location"]
    assert after == f"/checks/{keys[2]}"
    assert "本日已办2份，待办4份" in text_of(office.get(after))


def test_progress_is_of_the_office_and_names_the_batch(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        first, second = open_call(cast), open_call(cast, batch=2)
        passed = submitted_proposal(cast, first, title="昨天办的")
        with clock.freeze(clock.now() - timedelta(days=1)):
            check(passed, cast, "passed")
        recalled = submitted_proposal(cast, first, title="收回结论的")
        check(recalled, cast, "passed", send=False)
        check(submitted_proposal(cast, first, title="已办的"), cast, "passed", send=False)
        elsewhere = submitted_proposal(cast, second, title="另一批的")
        letter = letter_of(recalled)
        letters.void_letter(letter, letter.version, cast.office, "写错了")
        db.session.commit()
        here, there = recalled.key, elsewhere.key
    other = client.as_(cast.office2)  # whoever of the office recorded them
    text = text_of(other.get(f"/checks/{here}"))
    assert "2022年第1批本日已办1份，待办1份，其他批次待办1份" in text
    assert "跳过，看下一份" in text and "跳过" not in text_of(other.get(f"/checks/{here}?call=x"))
    text = text_of(other.get(f"/checks/{there}"))
    assert "2022年第2批本日已办0份，待办1份，其他批次待办1份" in text


def test_when_nothing_waits_the_queue_says_what_comes_next(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    office = client.as_(cast.office)
    answer = office.submit(f"/checks/{sent}", {**PASS_ALL, "outcome": "passed"})
    assert office.get(answer.headers["Location"], 303).headers["Location"] == "/checks"
    text = text_of(office.get("/checks"))
    assert "没有等待形式审查的申报书" in text and "可以开启评审" in text


@pytest.mark.parametrize("path", ["/checks", "/checks/{key}"])
def test_the_pages_ask_the_database_as_often_for_many_as_for_one(
    client: PageClient, app: Flask, cast: Cast, path: str
) -> None:
    with app.app_context():
        key = submitted_proposal(cast, open_call(cast)).key
    office, counts = client.as_(cast.office), []
    asked: list[str] = []
    app.extensions["lab_demonstration"] = True  # asked for once, however many pages follow
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for _ in range(2):
        asked.clear()
        office.get(path.format(key=key))
        counts.append(len([text for text in asked if text.startswith("SELECT")]))
        with app.app_context():
            call = db.session.scalars(select(Call)).one()
            for number in range(6):
                submitted_proposal(cast, call, title=f"第{number}个")
    assert counts[0] == counts[1] <= 15  # one reads the calendar, one whom to avoid


# -- what a return opens -----------------------------------------------------------------------


def open_two(app: Flask, cast: Cast) -> str:
    """A proposal returned for its title and its milestones."""
    with app.app_context():
        call = open_call(cast)
        return returned_proposal(cast, call, reopened=["title", "milestones"]).key


def test_only_reopened_fields_can_be_edited(client: PageClient, app: Flask, cast: Cast) -> None:
    key = open_two(app, cast)
    applicant = client.as_(cast.applicant)
    page = applicant.get(f"/proposals/{key}/edit/basics")
    text = text_of(page)
    assert "附件缺少合作意向书。" in text and "里程碑与指标：里程碑" in text
    assert "基本信息（可修改）" in text and "背景与模式（可修改）" not in text
    assert "东城区示范园区" in text and "组员甲邮储东城支行商户拓展" in text
    names = set(values_of(page.text, "//form[@data-autosave]"))
    assert names == {"csrf_token", "typed_by", "version", "title"}
    applicant.submit(f"/proposals/{key}/edit/basics", {"title": "改后的名称"})
    applicant.submit(f"/proposals/{key}/edit/targets", {"milestones-0-name": "改后的里程碑"})
    assert "没有退回，不能修改" in text_of(applicant.get(f"/proposals/{key}/edit/files"))
    with app.app_context():
        row = db.session.scalars(select(Proposal)).one()
        assert (row.title, row.place, row.leader_phone) == (
            "改后的名称",
            "东城区示范园区",
            "010-10000000",
        )
        assert [m.name for m in row.milestones] == ["改后的里程碑", "园区上线"]
        assert len(row.people) == 1 and len(row.targets) == 2


def test_rows_that_are_not_reopened_keep_their_headings(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    page = client.as_(cast.applicant).get(f"/proposals/{open_two(app, cast)}/edit/targets")
    locked = lxml_html.fromstring(page.text).xpath("//*[contains(@class, 'read-only-field')]//th")
    assert [head.text for head in locked[:4]] == ["指标", "起始值", "目标值", "完成期限"]


@pytest.mark.parametrize(
    ("step", "sent", "word"),
    [
        ("basics", {"title": "改", "place": "别处"}, "“实施地点”"),
        ("targets", {"targets-rows": "0"}, "“预期指标”"),
        ("plan", {"plan": "改"}, "“实施方案”"),
        ("files", {"unit_opinion": "改"}, "“申报单位意见”"),
    ],
)
@pytest.mark.parametrize("by_script", [False, True])
def test_a_forged_save_of_a_read_only_field_is_refused(
    client: PageClient,
    app: Flask,
    cast: Cast,
    step: str,
    sent: dict[str, str],
    word: str,
    by_script: bool,
) -> None:
    key = open_two(app, cast)
    applicant = client.as_(cast.applicant)
    with app.app_context():
        version = db.session.scalars(select(Proposal.version)).one()
    path = f"/proposals/{key}/edit/{step}" + ("/autosave" if by_script else "")
    data = {"csrf_token": applicant.token(), "version": str(version), **sent}
    answer = applicant.http.post(
        path, data=data, headers=JSON if by_script else {"Origin": JSON["Origin"]}
    )
    assert answer.status_code == 409
    said = answer.json["text"] if by_script else text_of(answer)  # type: ignore[index]
    assert f"{word}没有退回，不能修改" in said
    with app.app_context():
        assert db.session.scalars(select(Proposal.version)).one() == version


def test_restoring_a_draft_leaves_read_only_fields_alone(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    key = open_two(app, cast)
    applicant = client.as_(cast.applicant)
    with clock.freeze(clock.now() + timedelta(minutes=5)):
        applicant.submit(f"/proposals/{key}/edit/basics", {"title": "改后的名称"})
        page = lxml_html.fromstring(applicant.get(f"/proposals/{key}/drafts").text)
        link = page.xpath("//main//tbody//a/@href")[0]
        assert "改后的名称" in text_of(applicant.get(link))
        applicant.submit(link)
    with app.app_context():
        row = db.session.scalars(select(Proposal)).one()
        assert row.title == "园区数字人民币缴费【演示】" and row.place == "东城区示范园区"


def test_a_late_correction_is_announced_and_marked(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = returned_proposal(cast, open_call(cast), due_on=clock.today()).key
    applicant = client.as_(cast.applicant)
    with clock.freeze(clock.now() + timedelta(days=2)):
        applicant = client.as_(cast.applicant)
        assert "已超过补正期限2天" in text_of(applicant.get(f"/proposals/{key}/submit"))
        applicant.submit(f"/proposals/{key}/submit", {"pledge": "1"})
        assert "逾期补正2天" in text_of(applicant.get(f"/proposals/{key}"))
        assert "逾期补正2天" in text_of(client.as_(cast.office).get("/checks"))


def test_an_overdue_return_can_be_refused(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = returned_proposal(cast, open_call(cast), due_on=clock.today()).key
    wanted = {"reason": "逾期未补正。", "confirmed": "1"}
    page = client.as_(cast.office).submit(f"/checks/{key}/overdue", wanted, status=422)
    assert "补正期限还没有过" in text_of(page)
    with clock.freeze(clock.now() + timedelta(days=1)):
        office = client.as_(cast.office)
        assert "已超过1天" in text_of(office.get("/checks?status=returned"))
        office.submit(f"/checks/{key}/overdue", wanted)
        with app.app_context():
            row = db.session.scalars(select(Letter.key).order_by(Letter.id.desc())).first()
        office.submit(f"/letters/{row}")
        told = text_of(client.as_(cast.applicant).get(f"/proposals/{key}"))
        assert "不予受理" in told and "逾期未补正。" in told


def test_a_correction_is_compared_with_the_last_version(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        proposal = returned_proposal(cast, call)
        changed = {"plan": "分四个阶段实施。", "leader_phone": "010-20000000"}
        drafts.save_draft(drafts.SaveDraft(proposal, None, changed))
        db.session.commit()
        confirm(proposal)
        proposals.submit(proposal, cast.applicant, pledged=True)
        db.session.commit()
        key = proposal.key
    page = client.as_(cast.office).get(f"/checks/{key}")
    root, text = lxml_html.fromstring(page.text), text_of(page)
    came_back = root.xpath("//section[@class='came-back']")[0].text_content()
    assert "实施方案" in came_back and "负责人电话" in came_back and "项目模式" not in came_back
    assert "补正第1次" in text and "上次：合格" in text
    content = client.as_(cast.applicant).get(f"/proposals/{key}/versions/2/changes")
    assert "010-20000000" not in text_of(content)  # reviewers' eye: the phone is no part of it
