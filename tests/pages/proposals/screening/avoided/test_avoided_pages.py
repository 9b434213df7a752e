"""Whom to avoid: what the applicant types and is never told, and what the office chooses."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.proposals.models.proposal import Proposal, ProposalAvoid
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    accepted_proposal,
    avoiding,
    filled_draft,
    submitted_proposal,
)
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

REVIEWER, STRANGER = "评委甲", "无名氏"


@pytest.fixture
def draft(app: Flask, cast: Cast) -> str:
    with app.app_context():
        return filled_draft(cast, open_call(cast)).key


def rows_of(app: Flask, key: str) -> list[tuple[Any, ...]]:
    with app.app_context():
        query = select(ProposalAvoid).join(Proposal, Proposal.id == ProposalAvoid.proposal_id)
        rows = db.session.scalars(query.where(Proposal.key == key).order_by(ProposalAvoid.id))
        found = [(row.id, row.name, row.unit, row.person_id, row.matched_at) for row in rows]
        db.session.remove()
        return found


def test_a_reviewer_and_a_stranger_are_answered_alike(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/files"
    answers, saved_at = [], clock.now()  # the page shows the minute of the save
    for name in (REVIEWER, STRANGER):
        typed = {"avoided-0-name": f"{name}（邮储丰台支行）", "avoided-0-reason": "曾共事"}
        with clock.freeze(saved_at):
            applicant.submit(path, typed)
            page = applicant.get(path)
        assert rows_of(app, draft)[0][1:] == (name, "邮储丰台支行", None, None)
        answers.append(text_of(page).replace(name, "某人"))
        assert "data-person=" not in page.text
    assert answers[0] == answers[1]


def test_an_entry_needs_a_unit_and_a_reason(client: PageClient, cast: Cast, draft: str) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/files"
    page = text_of(applicant.submit(path, {"avoided-0-name": "赵六"}, status=422))
    assert "请填写单位。" in page and "请填写理由。" in page
    twice = {f"avoided-{n}-{k}": "赵六" for n in (0, 1) for k in ("name", "unit", "reason")}
    assert "与第1行相同" in text_of(applicant.submit(path, twice, status=422))


def test_the_office_chooses_who_is_meant(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        typed = [
            avoiding(cast.reviewer, "曾共事"),
            {**avoiding(cast.reviewer2, "x"), "name": "老乙"},
        ]
        key = submitted_proposal(cast, open_call(cast), avoided=typed).key
    office, path = client.as_(cast.office), f"/checks/{key}"
    (first, *_), (second, *_) = rows_of(app, key)
    page = office.get(path)
    root = lxml_html.fromstring(page.text)
    offered = root.xpath(f"//input[@name='avoid_{first}']/@value")
    assert offered == [str(cast.reviewer), "0"]
    assert root.xpath(f"//input[@name='avoid_{second}']/@value") == ["0"]
    ok = {name: "ok" for name in root.xpath("//fieldset[@data-item]//input[@type='radio']/@name")}
    passing = {**ok, "outcome": "passed"}
    refused = text_of(office.submit(path, passing, status=422))
    assert "请核对评委甲（邮储丰台支行）是哪一位" in refused and "请核对老乙" in refused
    one = {**passing, f"avoid_{first}": str(cast.reviewer)}
    assert "请核对老乙（邮政西城分公司）是哪一位" in text_of(office.submit(path, one, status=422))
    unclear = {**one, f"avoid_{second}_other": "没有的人"}
    assert "没有找到“没有的人”" in text_of(office.submit(path, unclear, status=422))
    office.submit(path, {**one, f"avoid_{second}_other": "评委乙"})
    assert [row[3] for row in rows_of(app, key)] == [cast.reviewer, cast.reviewer2]
    own = text_of(client.as_(cast.applicant).get(f"/proposals/{key}"))
    assert "老乙（邮政西城分公司）" in own and "评委乙" not in own


def test_the_office_corrects_who_is_meant(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        typed = [avoiding(cast.reviewer, "曾共事"), avoiding(cast.reviewer2, "曾共事")]
        key = accepted_proposal(cast, open_call(cast), avoided=typed).key
    office, (_, (second, *_)) = client.as_(cast.office), rows_of(app, key)
    page = office.get(f"/proposals/{key}")
    assert f'href="/checks/{key}/avoided"' in page.text
    path = f"/checks/{key}/avoided"
    page = office.get(path)
    assert "未提交的打分表撤回" in text_of(page)
    checked = lxml_html.fromstring(page.text).xpath("//input[@checked]/@value")
    assert checked == [str(cast.reviewer), str(cast.reviewer2)]
    assert "与现在相同" in text_of(office.submit(path, {}, status=422))
    unclear = {f"avoid_{second}_other": "没有的人"}
    assert "没有找到“没有的人”" in text_of(office.submit(path, unclear, status=422))
    office.submit(path, {f"avoid_{second}": "0"})
    assert "核对结果已更正" in text_of(office.get(f"/proposals/{key}"))
    assert [row[3] for row in rows_of(app, key)] == [cast.reviewer, None]


def test_a_choice_and_another_person_are_refused(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    """On the page of the check and on that of the correction; the typed person can be chosen."""
    with app.app_context():
        call, typed = open_call(cast), [avoiding(cast.reviewer, "曾共事")]
        checked = submitted_proposal(cast, call, avoided=typed).key
        accepted = accepted_proposal(cast, call, avoided=typed).key
    office = client.as_(cast.office)
    for path, key in ((f"/checks/{checked}", checked), (f"/checks/{accepted}/avoided", accepted)):
        before = rows_of(app, key)
        name = f"avoid_{before[0][0]}"
        root = lxml_html.fromstring(office.get(path).text)
        assert "typed" not in root.xpath(f"//input[@name='{name}']/@value")
        marks = root.xpath("//fieldset[@data-item]//input[@type='radio']/@name")
        passing = {**dict.fromkeys(marks, "ok"), "outcome": "passed"} if marks else {}
        both = {**passing, name: "0", f"{name}_other": "评委乙"}
        page = office.submit(path, both, status=422)
        root = lxml_html.fromstring(page.text)
        (place,) = root.xpath(f"//fieldset[@id='{name}']")
        assert "选了“查无此人”，又输入了“评委乙（" in place.text_content()
        assert place.xpath(".//input[@checked]/@value") == ["0"]
        assert place.xpath(".//input[@type='text']/@value") == ["评委乙"]
        assert rows_of(app, key) == before
        nobody = {name: "typed", f"{name}_other": ""}
        page = office.resubmit(page, path, nobody, status=422)
        assert "请输入人员" in text_of(page)
        office.resubmit(page, path, {f"{name}_other": "评委乙"})
        assert rows_of(app, key)[0][3] == cast.reviewer2


def test_the_same_person_twice_is_no_contradiction(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        typed = [avoiding(cast.reviewer, "曾共事"), avoiding(cast.reviewer2, "曾共事")]
        key = accepted_proposal(cast, open_call(cast), avoided=typed).key
    office, path = client.as_(cast.office), f"/checks/{key}/avoided"
    (first, *_), (second, *_) = rows_of(app, key)
    office.submit(path, {f"avoid_{first}_other": "评委甲", f"avoid_{second}": "0"})
    assert [row[3] for row in rows_of(app, key)] == [cast.reviewer, None]


def test_another_person_is_compared_with_what_was_saved(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        typed = [avoiding(cast.reviewer, "曾共事")]
        key = accepted_proposal(cast, open_call(cast), avoided=typed).key
    office, path = client.as_(cast.office), f"/checks/{key}/avoided"
    name = f"avoid_{rows_of(app, key)[0][0]}"
    page = office.get(path)
    office.submit(path, {name: "0"})
    mine = {name: "typed", f"{name}_other": "评委乙"}
    conflict = office.resubmit(page, path, mine, status=409)
    rows = lxml_html.fromstring(conflict.text).xpath("//table//tr[td]")
    compared = [[cell.text_content().strip() for cell in row.xpath("td")] for row in rows]
    assert len(compared) == 2 and compared[0] == ["以输入的人员为准", "查无此人"]
    assert compared[1][0].startswith("评委乙（") and compared[1][1] == "—"
