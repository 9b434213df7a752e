"""The office's calendar as the office meets it."""

from __future__ import annotations

import io
import re
from datetime import date, datetime

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lab import clock
from lab.clock import OfficeCalendar
from lab.workdays import queries
from tests.support.builders import workbooks
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

NOVEMBER = clock.from_beijing(datetime(2026, 11, 2, 9))
NOTICE = "关于2027年部分节假日安排的通知"
PASTED = "2027-01-01至2027-01-03，放假，元旦\n2027-01-09，上班，元旦调休"


@pytest.fixture
def office(client: PageClient, cast: Cast) -> PageClient:
    return client.as_(cast.office)


def said(page: TestResponse) -> str:
    return text_of(page).replace(" ", "")


def stored(app: Flask) -> OfficeCalendar:
    with app.app_context():
        return queries.office_calendar()


def send(
    office: PageClient, pasted: str, act: str = "check", status: int = 200, **rest: object
) -> TestResponse:
    page = office.get("/workdays/2027/import").text
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', page)
    body = {"source": NOTICE, "pasted": pasted, "act": act, "seen": seen, **rest}
    return office.post("/workdays/2027/import", body, status=status)


def test_a_year_says_what_it_rests_on(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        published, unknown = said(office.get("/workdays")), said(office.get("/workdays/2027"))
        assert office.get("/workdays/1999", status=404)
    assert "2026年10月10日（周六）上班国庆节调休上班" in published
    assert "本年尚未录全" in unknown and "2027年2月5日（周五）放假农历除夕" in unknown
    assert "2027年2月9日" not in unknown


def test_unreadable_lines_are_named_and_saved(office: PageClient, app: Flask) -> None:
    with clock.freeze(NOVEMBER):
        page = send(office, f"{PASTED}\n2027-13-01，放假，误", "import", 422)
    text = said(page)
    assert "共3行，有1行不能读懂，什么也没有导入" in text and "第3行" in text
    assert "2027-13-01，放假，误" in page.text
    assert not stored(app).days


def test_a_dry_run_changes_nothing_and_the_import_follows(office: PageClient, app: Flask) -> None:
    with clock.freeze(NOVEMBER):
        dry = send(office, PASTED)
        assert "共2行，4天，全部读懂，尚未导入" in said(dry)
        assert not stored(app).days
        send(office, PASTED, "import", 303, complete="1")
        text = said(office.get("/workdays/2027"))
    assert "本年已按通知录全" in text and "2027年1月9日（周六）上班元旦调休" in text
    assert "办公室录入4天" in text
    found = stored(app)
    assert found.complete_years == {2027} and found.days[date(2027, 1, 9)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_is_read_as_if_it_were_pasted(office: PageClient, kind: str) -> None:
    rows = [["日期", "安排", "名称"], ["2027-01-01", "放假", "元旦"], ["2027-01-09", "上班", ""]]
    data = workbooks.csv_text(rows).encode() if kind == "csv" else workbooks.xlsx(rows)
    with clock.freeze(NOVEMBER):
        page = send(office, "", files=(io.BytesIO(data), f"安排.{kind}"))
    assert "2027-01-01,放假,元旦" in page.text
    assert "共2行，2天，全部读懂" in said(page)


def test_a_day_is_entered_changed_and_taken_out(office: PageClient) -> None:
    body = {"day": "2027-01-04", "working": "off", "name": "元旦", "source": NOTICE}
    with clock.freeze(NOVEMBER):
        office.post("/workdays/days/new", body)
        assert "已经录入" in said(office.post("/workdays/days/new", body, status=422))
        year = office.get("/workdays/2027")
        key = re.findall(r"/workdays/days/(\w{12})", year.text)[0]
        edited = {**body, "name": "元旦补休", "version": "1"}
        office.post(f"/workdays/days/{key}", edited)
        assert "元旦补休" in said(office.get("/workdays/2027"))
        office.post(f"/workdays/days/{key}", edited, status=409)
        office.post(f"/workdays/days/{key}/remove", {"version": "2"})
        assert "元旦补休" not in said(office.get("/workdays/2027"))


def test_the_button_says_that_a_year_is_complete(office: PageClient) -> None:
    body = {"day": "2027-01-04", "working": "off", "name": "元旦", "source": NOTICE}
    with clock.freeze(NOVEMBER):
        office.post("/workdays/days/new", body)
        assert "本年已按国务院办公厅通知录全" in said(office.get("/workdays/2027"))
        office.post("/workdays/2027/complete", {"source": NOTICE})
        assert "取消录全标记" in said(office.get("/workdays/2027"))


def test_staff_look_the_calendar_up_but_do_not_change_it(client: PageClient, cast: Cast) -> None:
    member = client.as_(cast.applicant)
    assert "导入全年" not in member.get("/workdays").text
    member.get("/workdays/2027/import", status=403)
