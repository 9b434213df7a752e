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
from tests.support.builders.raw_workbooks import raw_xlsx
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

NOVEMBER = clock.from_beijing(datetime(2026, 11, 2, 9))
NOTICE = "关于2027年部分节假日安排的通知"
ENTRY = {"day": "2027-01-04", "working": "off", "name": "元旦", "source": NOTICE}
PASTED = "2027-01-01至2027-01-03，放假，元旦\n2027-01-09，上班，元旦调休"


@pytest.fixture
def office(client: PageClient, cast: Cast) -> PageClient:
    return client.as_(cast.office)


def said(page: TestResponse) -> str:
    return text_of(page).replace(" ", "")


def stored(app: Flask) -> OfficeCalendar:
    with app.app_context():
        return queries.office_calendar()


def check(office: PageClient, pasted: str, status: int = 200, **rest: object) -> TestResponse:
    """Send the text with 核对."""
    body = {"source": NOTICE, "pasted": pasted, "act": "check", **rest}
    return office.post("/workdays/2027/import", body, status=status)


def send_import(
    office: PageClient, shown: TestResponse, pasted: str, status: int, **rest: object
) -> TestResponse:
    """Send the text with 导入, from the page that was shown."""
    hidden = dict(re.findall(r'name="(shown_year|shown_entries)" value="([^"]*)"', shown.text))
    assert len(hidden) == 2
    body = {"source": NOTICE, "pasted": pasted, "act": "import", **hidden, **rest}
    return office.post("/workdays/2027/import", body, status=status)


def shown(page: TestResponse) -> dict[str, str]:
    """What the page sends back of the year as it shows it."""
    return dict(re.findall(r'name="(shown_year)" value="([^"]+)"', page.text))


def declare(
    office: PageClient, source: str, *, status: int = 303, page: TestResponse | None = None
) -> TestResponse:
    """Declare 2027 complete, from the page given or as it stands."""
    body = {"source": source, **shown(page or office.get("/workdays/2027"))}
    return office.post("/workdays/2027/complete", body, status=status)


def can_import(page: TestResponse) -> bool:
    return 'value="import"' in page.text


def test_a_year_says_what_it_rests_on(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        published, unknown = said(office.get("/workdays")), said(office.get("/workdays/2027"))
        assert office.get("/workdays/1999", status=404)
    assert "2026年10月10日（周六）上班国庆节调休上班" in published
    assert "本年尚未录全" in unknown and "2027年2月5日（周五）放假农历除夕" in unknown
    assert "2027年2月9日" not in unknown


def test_unreadable_lines_are_named_and_saved(office: PageClient, app: Flask) -> None:
    with clock.freeze(NOVEMBER):
        faulty = f"{PASTED}\n2027-13-01，放假，误"
        page = send_import(office, check(office, faulty, 422), faulty, 422)
    text = said(page)
    assert "共3行，有1行不能读懂，什么也没有导入" in text and "第3行" in text
    assert "2027-13-01，放假，误" in page.text
    assert not stored(app).days


def test_a_dry_run_changes_nothing_and_the_import_follows(office: PageClient, app: Flask) -> None:
    with clock.freeze(NOVEMBER):
        dry = check(office, PASTED)
        assert "共2行，4天，全部读懂，尚未导入" in said(dry)
        assert not stored(app).days
        send_import(office, dry, PASTED, 303, complete="1")
        text = said(office.get("/workdays/2027"))
    assert "本年已按通知录全" in text and "2027年1月9日（周六）上班元旦调休" in text
    assert "办公室录入4天" in text
    found = stored(app)
    assert found.complete_years == {2027} and found.days[date(2027, 1, 9)]


def test_a_calendar_is_read_as_its_sheet_shows_it(office: PageClient) -> None:
    days = '<row r="1"><c r="A1" s="1"><v>46388.4</v></c><c r="B1" t="str"><v>放假</v></c></row>'
    good = raw_xlsx(days, formats=("yyyy-mm-dd",))
    hidden = raw_xlsx(days + '<row r="2" hidden="1"><c r="A2"><v>1</v></c></row>')
    formula = raw_xlsx('<row r="1"><c r="A1"><f>TODAY()</f></c></row>')
    with clock.freeze(NOVEMBER):
        page = check(office, "", files=(io.BytesIO(good), "安排.xlsx"))
        assert "单元格A1：按2027年1月1日读取" in said(page) and can_import(page)
        for data, message in ((hidden, "第2行被隐藏了"), (formula, "单元格A1：公式没有计算结果")):
            refused = check(office, "", 422, files=(io.BytesIO(data), "安排.xlsx"))
            assert message in said(refused) and not can_import(refused)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_is_read_as_if_it_were_pasted(office: PageClient, kind: str) -> None:
    rows = [["日期", "安排", "名称"], ["2027-01-01", "放假", "元旦"], ["2027-01-09", "上班", ""]]
    data = workbooks.csv_text(rows).encode() if kind == "csv" else workbooks.xlsx(rows)
    with clock.freeze(NOVEMBER):
        page = check(office, "", files=(io.BytesIO(data), f"安排.{kind}"))
    assert "2027-01-01\t放假\t元旦" in page.text
    assert "共2行，2天，全部读懂" in said(page)


def test_only_the_lines_that_were_shown_are_imported(office: PageClient, app: Flask) -> None:
    more = f"{PASTED}\n2027-05-01，放假，劳动节"
    with clock.freeze(NOVEMBER):
        again = send_import(office, check(office, PASTED), more, 422)
        assert "内容在核对之后有改动，还没有导入" in said(again) and "第3行" in said(again)
        assert not stored(app).days
        send_import(office, again, more, 303)
        assert "本年尚未录全" in said(office.get("/workdays/2027"))  # nobody ticked it
    assert len(stored(app).days) == 5


def test_a_day_entered_meanwhile_is_shown_before_it_is_replaced(
    office: PageClient, client: PageClient, cast: Cast, app: Flask
) -> None:
    day = {**ENTRY, "day": "2027-05-04", "name": "同事录入"}
    with clock.freeze(NOVEMBER):
        dry = check(office, PASTED)
        client.as_(cast.office2).post("/workdays/days/new", day)
        refused = send_import(office, dry, PASTED, 422)
        assert "2027年的安排与您看到的不同" in said(refused) and PASTED in refused.text
        assert not can_import(refused)
        checked = check(office, PASTED)
        assert can_import(checked) and "将被修改或删除的录入1天" in said(checked)
        assert "本年已录入的1天由导入的内容代替" in said(checked)
        assert "同事录入" in checked.text and len(stored(app).days) == 1
        send_import(office, checked, PASTED, 303)
    assert date(2027, 5, 4) not in stored(app).days


def test_a_file_never_takes_the_place_of_a_typed_text(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        file = (io.BytesIO("2027-05-01,放假,劳动节".encode()), "安排.csv")
        page = check(office, PASTED, 422, files=file)
        assert "请先清空粘贴框" in said(page) and PASTED in page.text
        assert "请粘贴内容或选择文件" in said(check(office, "", 422, source=""))
        many = "\n".join(["2027-05-01,放假," + "节" * 40] * 200)
        page = check(office, "", 422, files=(io.BytesIO(many.encode()), "安排.csv"))
        assert "文件内容最多8000个字符" in said(page)


def test_a_file_without_days_is_told_at_the_file(office: PageClient) -> None:
    file = (io.BytesIO(workbooks.xlsx([["日期", "安排", "名称"]])), "安排.xlsx")
    with clock.freeze(NOVEMBER):
        page = check(office, "", 422, files=file)
    assert "或选择文件：没有读到任何一天，请核对内容。" in said(page)


def test_too_many_days_are_told_at_the_review(office: PageClient) -> None:
    months = "\n".join(f"2027年{n}月1日至{n}月28日，放假，假" for n in range(1, 5))
    with clock.freeze(NOVEMBER):
        page = check(office, months, 422)
    assert "一年应有1至100天，现有112天" in said(page) and not can_import(page)


def test_days_of_another_source_are_listed_as_replaced(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        send_import(office, check(office, PASTED), PASTED, 303)
        assert "将被修改或删除的录入" not in said(check(office, PASTED))
        other = check(office, PASTED, source="更正通知")
        assert "将被修改或删除的录入4天" in said(other) and NOTICE in other.text
        again = send_import(office, check(office, PASTED), PASTED, 422, source="更正通知")
        assert "内容在核对之后有改动" in said(again) and "将被修改或删除的录入4天" in said(again)


@pytest.mark.parametrize(("ticked", "basis"), [({"complete": "1"}, "更正通知"), ({}, "尚未录全")])
def test_a_complete_year_says_what_an_import_changes(
    office: PageClient, ticked: dict[str, str], basis: str
) -> None:
    with clock.freeze(NOVEMBER):
        assert "checked" not in office.get("/workdays/2027/import").text
        send_import(office, check(office, PASTED), PASTED, 303, complete="1")
        page = office.get("/workdays/2027/import")
        assert f"本年已标明录全，依据：{NOTICE}" in said(page) and "checked" in page.text
        shown = check(office, PASTED, source="更正通知")
        assert "不勾选的，取消录全标记" in said(shown)
        send_import(office, shown, PASTED, 303, source="更正通知", **ticked)
        assert basis in said(office.get("/workdays/2027"))


def test_a_year_declared_complete_meanwhile_is_looked_at_again(
    office: PageClient, client: PageClient, cast: Cast
) -> None:
    with clock.freeze(NOVEMBER):
        send_import(office, check(office, PASTED), PASTED, 303)
        dry = check(office, PASTED)
        declare(client.as_(cast.office2), "同事的依据")
        refused = send_import(office, dry, PASTED, 422)
        assert "2027年的安排与您看到的不同" in said(refused) and "同事的依据" in said(refused)


def test_a_published_year_is_not_declared_complete(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        assert 'name="complete"' not in office.get("/workdays/2026/import").text


@pytest.mark.parametrize("asked", ["99999", "-1", "2003", "x"])
def test_a_new_day_belongs_to_a_year_there_is(office: PageClient, asked: str) -> None:
    with clock.freeze(NOVEMBER):
        assert 'href="/workdays/2026"' in office.get(f"/workdays/days/new?year={asked}").text


def test_a_failed_entry_stays_with_its_year(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        page = office.post("/workdays/days/new?year=2030", {**ENTRY, "name": ""}, status=422)
        assert 'href="/workdays/2030"' in page.text
        office.post("/workdays/days/new", {**ENTRY, "day": "2100-01-01"}, status=422)


def test_years_with_entries_are_offered(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        for day in ("2020-05-06", "2031-01-02"):
            office.post("/workdays/days/new", {**ENTRY, "day": day})
        page = office.get("/workdays").text
    years = re.findall(r'<li><a href="/workdays/(\d{4})"', page)
    assert [int(year) for year in years] == list(range(2020, 2032))


def test_a_day_changed_by_two_shows_both_texts(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        office.post("/workdays/days/new", {**ENTRY, "day": "2027-01-09", "working": "on"})
        key = re.findall(r"/workdays/days/(\w{12})", office.get("/workdays/2027").text)[0]
        page = office.get(f"/workdays/days/{key}").text
        assert re.search(r'value="on"[^>]*checked|checked[^>]*value="on"', page)
        office.post(f"/workdays/days/{key}", {**ENTRY, "version": "1"})
        mine = {**ENTRY, "name": "我的名称", "version": "1"}
        text = said(office.post(f"/workdays/days/{key}", mine, status=409))
        assert "内容已有更新" in text and "我的名称" in text
        office.post(f"/workdays/days/{key}/remove", {"version": "1"}, status=409)
        assert "元旦" in said(office.get("/workdays/2027"))


@pytest.mark.parametrize(
    ("year", "sentence"), [(2026, "已随系统公布"), (2027, "还没有录入任何一天")]
)
def test_a_refused_declaration_says_why_and_keeps_the_source(
    office: PageClient, year: int, sentence: str
) -> None:
    with clock.freeze(NOVEMBER):
        page = office.post(f"/workdays/{year}/complete", {"source": "我写的依据"}, status=422)
    assert sentence in said(page) and 'value="我写的依据"' in page.text


def test_a_complete_year_keeps_its_source_until_it_is_reopened(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        office.post("/workdays/days/new", ENTRY)
        declare(office, NOTICE)
        page = declare(office, "另一份", status=422)
        assert "2027年已标明录全" in said(page) and NOTICE in page.text
        office.post("/workdays/2027/reopen", shown(page))
        assert "本年尚未录全" in said(office.get("/workdays/2027"))


def test_a_declaration_is_of_the_days_that_were_shown(
    office: PageClient, client: PageClient, cast: Cast
) -> None:
    with clock.freeze(NOVEMBER):
        send_import(office, check(office, PASTED), PASTED, 303)
        page = office.get("/workdays/2027")
        client.as_(cast.office2).post("/workdays/days/new", {**ENTRY, "day": "2027-05-04"})
        refused = declare(office, "我写的依据", status=422, page=page)
        assert "2027年的安排与您看到的不同" in said(refused) and "我写的依据" in refused.text
        declare(office, "我写的依据", page=refused)


def test_a_mark_is_withdrawn_only_as_it_was_shown(
    office: PageClient, client: PageClient, cast: Cast
) -> None:
    with clock.freeze(NOVEMBER):
        office.post("/workdays/days/new", ENTRY)
        declare(office, NOTICE)
        page = office.get("/workdays/2027")
        colleague = client.as_(cast.office2)
        colleague.post("/workdays/2027/reopen", shown(page))
        declare(colleague, "更正通知")
        assert "与您看到的不同" in said(
            client.as_(cast.office).post("/workdays/2027/reopen", shown(page), status=409)
        )
        assert "更正通知" in said(office.get("/workdays/2027"))


@pytest.mark.parametrize("now", ["放假，元旦连休", "上班，元旦"])
def test_any_change_after_the_review_is_looked_at_again(office: PageClient, now: str) -> None:
    with clock.freeze(NOVEMBER):
        reviewed = check(office, "2027-01-04，放假，元旦")
        page = send_import(office, reviewed, f"2027-01-04，{now}", 422)
        assert "内容在核对之后有改动" in said(page)


def test_days_named_or_arranged_otherwise_are_listed(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        first = "2027-01-04，放假，元旦\n2027-01-05，放假，元旦\n2027-01-06，放假，元旦"
        send_import(office, check(office, first), first, 303)
        page = check(
            office,
            first.replace("04，放假", "04，上班").replace("05，放假，元旦", "05，放假，连休"),
        )
        assert "将被修改或删除的录入2天" in said(page)
        assert can_import(page) and not can_import(check(office, f"{first}\n误", 422))


def test_each_fault_of_an_import_stands_at_its_field(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        page = check(office, PASTED, 422, source="")
        assert "依据：" in said(page) and PASTED in page.text
        broken = (io.BytesIO(b"nothing"), "安排.xlsx")
        assert "请粘贴内容或选择文件" not in said(check(office, "", 422, files=broken))
        blank_and_file = (io.BytesIO("2027-05-01,放假,劳动节\n,,\n".encode()), "安排.csv")
        assert "共1行，1天，全部读懂" in said(check(office, " \n", files=blank_and_file))


def test_only_a_year_marked_complete_can_be_reopened(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        office.post("/workdays/days/new", {**ENTRY, "day": "2026-05-06"})
        for year in (2026, 2027):
            page = said(office.get(f"/workdays/{year}"))
            assert "取消录全标记" not in page and "标明录全" not in page
        assert "已经公布" in said(office.get("/workdays/2026"))


def test_the_years_around_this_one_are_offered(office: PageClient) -> None:
    with clock.freeze(NOVEMBER):
        page = office.get("/workdays").text
    assert re.findall(r'<li><a href="/workdays/(\d{4})"', page) == ["2025", "2026", "2027"]


def test_a_day_is_entered_changed_and_taken_out(office: PageClient) -> None:
    body = ENTRY
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
    with clock.freeze(NOVEMBER):
        office.post("/workdays/days/new", ENTRY)
        assert "本年已按国务院办公厅通知录全" in said(office.get("/workdays/2027"))
        declare(office, NOTICE)
        assert "取消录全标记" in said(office.get("/workdays/2027"))


def test_staff_look_the_calendar_up_but_do_not_change_it(client: PageClient, cast: Cast) -> None:
    member = client.as_(cast.applicant)
    assert "导入全年" not in member.get("/workdays").text
    member.get("/workdays/2027/import", status=403)
