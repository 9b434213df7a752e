"""Wherever a date rests on a year nobody has published, the page and the letter say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lab import clock
from lab.accounts import service as accounts
from lab.extensions import db
from lab.inbox.models.letters import Letter
from lab.inbox.models.notices import Notice
from lab.workdays import service
from lab.workdays.rules import PROVISIONAL, DayEntry
from tests.support.builders.calls import open_call
from tests.support.builders.projects import running_project
from tests.support.builders.proposals import check, submitted_proposal
from tests.support.builders.reviews import approved_decision
from tests.support.cast import Cast, person
from tests.support.client import PageClient, text_of

YEAR_END = clock.from_beijing(datetime(2026, 12, 29, 10))
FIFTH = date(2027, 1, 6)  # the fifth working day after it, New Year's Day left out


@pytest.fixture(autouse=True)
def year_end() -> Iterator[None]:
    with clock.freeze(YEAR_END):
        yield


def said(page: TestResponse) -> str:
    return text_of(page).replace(" ", "")


def settle(app: Flask, cast: Cast) -> None:
    """The office enters 2027."""
    days = [DayEntry(date(2027, 1, 1), False, "元旦")]
    with app.app_context():
        by = {"source": "安排通知", "person_id": cast.office}
        service.import_year(2027, days, complete=True, **by)
        db.session.commit()


def test_the_office_is_asked_for_next_year_until_it_is_there(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    office = client.as_(cast.office)
    start = said(office.get("/"))
    assert "录入2027年放假和调休安排工作日历2026年12月31日" in start
    assert "放假和调休安排" not in said(client.as_(cast.applicant).get("/"))
    settle(app, cast)
    assert "放假和调休安排" not in said(office.get("/"))


def test_a_request_that_waits_says_it(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        asked = accounts.request_reset(person(cast.reviewer), person(cast.office), "本人忘记密码。")
        db.session.commit()
        key = asked.key
        notices = db.session.scalars(select(Notice.text)).all()
    assert any(PROVISIONAL in text for text in notices)
    second = client.as_(cast.office2)
    pages = ("/", "/releases", f"/releases/{key}")
    until = f"2027年1月6日（{PROVISIONAL}）"
    assert all(until in said(second.get(page)) for page in pages)
    settle(app, cast)
    assert not any(PROVISIONAL in said(second.get(page)) for page in pages)


def test_a_return_says_it_to_applicant_office_and_in_the_letter(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast, closes_at=YEAR_END.replace(day=30))
        waiting = submitted_proposal(cast, call).key
        proposal = submitted_proposal(cast, call, title="另一件【演示】")
        check(proposal, cast, "returned", due_on=FIFTH, reopened=("step-risks",))
        db.session.commit()
        key = proposal.key
        letter = db.session.scalars(select(Letter.body).order_by(Letter.id)).all()[-1]
    assert f"请于2027年1月6日（{PROVISIONAL}）24时前（自本函发出之日起5个工作日）" in letter
    office, mine = client.as_(cast.office), client.as_(cast.applicant)
    assert f"5个工作日，今天发函则至2027年1月6日（{PROVISIONAL}）" in said(
        office.get(f"/checks/{waiting}")
    )
    pages = ("/", "/proposals", f"/proposals/{key}")
    assert all(PROVISIONAL in said(mine.get(page)) for page in pages)
    assert PROVISIONAL in said(office.get("/checks?status=returned"))


def test_the_month_says_it_on_its_page_and_as_a_todo(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        key = running_project(cast).key
    with clock.freeze(clock.from_beijing(datetime(2027, 1, 5, 10))):
        member = client.as_(cast.member)
        page = member.get(f"/projects/{key}/indicators/entry/2026-12")
        assert f"2027年1月8日（{PROVISIONAL}）" in said(member.get("/"))
    assert f"应于2027年1月8日前填报（{PROVISIONAL}）。" in said(page)


def test_the_public_notice_says_it_before_it_is_published(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        key = approved_decision(cast)[0].key
    page = said(client.as_(cast.office).get(f"/decisions/{key}/publish"))
    assert f"公示期自2026年12月29日至2027年1月6日（5个工作日，{PROVISIONAL}）" in page
