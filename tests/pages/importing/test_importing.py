"""The steps of last year's workbook as the office meets them."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import event, select

from lab import clock
from lab.extensions import db
from lab.jobs import service as jobs
from lab.proposals.models.proposal import Proposal
from tests.support.builders.calls import open_call
from tests.support.builders.raw_workbooks import raw_xlsx, text_cell
from tests.support.builders.workbooks import xlsx
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

pytestmark = pytest.mark.usefixtures("workbooks_here")

ORIGIN = {"Origin": "http://localhost"}
NOW = datetime(2022, 7, 10, 2, tzinfo=UTC)
LINES = [
    ["2021年创新项目申报汇总表"],
    ["申报人", "项目名称", "预算（万元）", "说明"],
    ["applicant", "园区缴费【演示】", "12.5", "无"],
]


@pytest.fixture
def office(client: PageClient, cast: Cast) -> PageClient:
    return client.as_(cast.office)


@pytest.fixture
def imports(app: Flask, cast: Cast) -> str:
    with app.app_context(), clock.freeze(datetime(2022, 7, 1, 2, tzinfo=UTC)):
        return f"/proposals/imports/calls/{open_call(cast).key}"


def run_jobs(office: PageClient) -> None:
    with office.app.app_context():
        jobs.run_due()


def send(office: PageClient, imports: str, data: bytes, name: str = "去年.xlsx") -> str:
    """Upload an own workbook and have it read; the address of its pages."""
    answer = office.post(imports, {"files": (io.BytesIO(data), name), "way": "own"})
    run_jobs(office)
    return str(answer.headers["Location"])


def at_columns(office: PageClient, imports: str) -> str:
    """The address of the columns of last year's workbook, its row of headings chosen."""
    upload = send(office, imports, xlsx(LINES, "汇总"))
    return str(office.submit(f"{upload}/heading").headers["Location"])


def test_another_file_of_the_same_name_and_size_is_read_too(
    office: PageClient, imports: str
) -> None:
    form = lxml_html.fromstring(office.get(imports).text).xpath("//main//form")[0]
    values = {**dict(form.form_values()), "way": "own"}
    answers = []
    for budget in ("12.5", "13.5"):
        data = xlsx([*LINES[:2], [*LINES[2][:2], budget, "无"]], "汇总")
        files = {"files": (io.BytesIO(data), "去年.xlsx")}
        answers.append(office.http.post(imports, data=values | files, headers=ORIGIN))
    assert answers[0].headers["Location"] != answers[1].headers["Location"]


def test_a_clerk_goes_from_last_years_workbook_to_drafts(
    office: PageClient, app: Flask, cast: Cast, imports: str
) -> None:
    with clock.freeze(NOW):
        columns = at_columns(office, imports)
        page = office.get(columns)
        assert "标题在第2行" in text_of(page) and "标题写明单位：万元" in text_of(page)
        result = office.submit(columns).headers["Location"]
        assert "正在逐格核对" in text_of(office.get(result))
        run_jobs(office)
        text = text_of(office.get(result))
        assert "1行全部通过核对" in text and "C列 预算（万元） 预算合计" in text
        office.submit(result, form=-1)
        assert "已建立1件草稿" in text_of(office.get(result))
        with app.app_context():
            draft = db.session.scalars(select(Proposal)).one()
            assert (draft.status, draft.budget_fen) == ("draft", 12_500_000)
            key = draft.key
        shown = text_of(office.as_(cast.applicant).get(f"/proposals/{key}"))
        assert "本申报书的草稿由实施办公室按来件建立" in shown
        office.get(f"/proposals/{key}", status=404)


def test_a_clerk_sees_what_is_read_of_a_period(office: PageClient, imports: str) -> None:
    head = [*LINES[1][:3], "实施起止"]
    rows = [[*LINES[2][:3], "2022年8月—2023年2月"], [*LINES[2][:3], "年底前"]]
    with clock.freeze(NOW):
        upload = send(office, imports, xlsx([LINES[0], head, *rows], "汇总"))
        columns = office.submit(f"{upload}/heading").headers["Location"]
        assert "实施起止（两个日期）" in text_of(office.get(columns))
        result = office.submit(columns).headers["Location"]
        run_jobs(office)
        text = text_of(office.get(result))
    assert "D列 实施起止 实施起止（两个日期）" in text
    assert "按月初、月末读作2022年8月1日至2023年2月28日。单元格D3：2022年8月—2023年2月" in text
    assert "计划结束日期 D32023年2月28日" in text
    assert "看不出开始和结束两个日期。请写成" in text and "单元格D4：年底前" in text


FAULTY = [
    *LINES,
    ["", "校园食堂【演示】", "三万", "无"],
    ["applicant", "乡镇集市【演示】", "8", "无"],
]


def test_a_clerk_takes_faulty_rows_as_drafts_of_one_person(
    office: PageClient, app: Flask, cast: Cast, imports: str
) -> None:
    with clock.freeze(NOW):
        upload = send(office, imports, xlsx(FAULTY, "汇总"))
        columns = office.submit(f"{upload}/heading").headers["Location"]
        result = office.submit(columns, {"stand_in": str(cast.member)}).headers["Location"]
        run_jobs(office)
        text = text_of(office.get(result))
        assert "1行有的格没有通过核对" in text and "草稿，归组员甲" in text
        assert "第4行「预算合计」：请填写数字" in text
        assert "单元格C4：三万" in text and "预算合计|" not in text
        assert "预算合计，125000" in text  # of the row above
        refused = office.post(f"{result}/confirm", {}, status=422)
        assert "请勾选后再导入" in text_of(refused)
        office.post(f"{result}/confirm", {"lenient": "1"})
        text = text_of(office.get(result))
        assert "已建立3件草稿" in text
    with app.app_context():
        drafts = {p.title: p for p in db.session.scalars(select(Proposal))}
        faulty = drafts["校园食堂【演示】"]
        assert (faulty.owner_id, faulty.budget_fen) == (cast.member, None)
        key = faulty.key
    page = office.as_(cast.member).get(f"/proposals/{key}")
    assert "没有通过检查 “预算”按填写的原样显示" in text_of(page) and "三万" in text_of(page)
    assert f"/proposals/{key}" not in office.as_(cast.office).get(result).text


def test_a_table_without_owners_asks_for_one(office: PageClient, imports: str) -> None:
    with clock.freeze(NOW):
        data = xlsx([["项目名称", "说明"], ["园区缴费【演示】", "无"]], "汇总")
        upload = send(office, imports, data)
        columns = office.submit(f"{upload}/heading").headers["Location"]
        page = office.submit(columns, status=422)
        assert "还缺这些列：填报人。" in text_of(page)
        assert "表中没有这一列时，请在这里选定一人。" in text_of(page)
        chosen = lxml_html.fromstring(page.text).xpath("//select[@name='stand_in']/option/@value")
        office.submit(columns, {"stand_in": chosen[1]})


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize("way", ["", "own"])
def test_a_password_is_named_at_once_and_nothing_else_offered(
    office: PageClient, imports: str, way: str
) -> None:
    with clock.freeze(NOW):
        body = {"files": (io.BytesIO(LOCKED), "去年.xlsx"), "way": way}
        page = office.post(imports, body, status=422)
    text = text_of(page)
    assert (
        "文件已加密，不能读取：设有打开密码，或者受“保护工作簿”保护（打开时可能不问密码）。" in text
    )
    assert "请用Excel或WPS打开，取消打开密码和“保护工作簿”后保存，再上传。" in text
    assert "选择标题行，对应各列" not in text_of(page)


def test_a_choice_that_cannot_be_taken_stays_on_the_page(office: PageClient, imports: str) -> None:
    with clock.freeze(NOW):
        columns = at_columns(office, imports)
        chosen = {"c1": "title", "c2": "title", "c4": "plan", "mode": "drafts"}
        page = office.submit(columns, chosen, status=422)
        text = text_of(page)
        assert "“项目名称”已由A列对应，请改选其中一列。" in text
        assert "按“草稿”导入，还缺这些列：填报人。" in text
        assert page.text.count('<option selected value="title">') == 2
        assert '<option selected value="plan">' in page.text


def test_the_last_row_must_stand_below_the_headings(office: PageClient, imports: str) -> None:
    with clock.freeze(NOW):
        upload = send(office, imports, xlsx(LINES, "汇总"))
        page = office.submit(f"{upload}/heading", {"last": "2"}, status=422)
        assert "应在标题行（第2行）下面。" in text_of(page) and 'value="2"' in page.text


def test_another_worksheet_can_be_looked_at_and_chosen(office: PageClient, imports: str) -> None:
    rows = f'<row r="1">{text_cell("A1", "申报人")}{text_cell("B1", "项目名称")}</row>'
    data = raw_xlsx(rows, sheets=(("汇总", "visible"), ("说明", "visible"), ("旧", "hidden")))
    with clock.freeze(NOW):
        upload = send(office, imports, data)
        page = office.get(f"{upload}/heading")
        assert "汇总" in text_of(page) and "说明" in text_of(page) and "旧" not in text_of(page)
        assert "申报人" in text_of(page)
        assert "共0行" in text_of(office.get(f"{upload}/heading?sheet=1"))
        assert office.get(f"{upload}/heading?sheet=99").status_code == 200


def test_a_file_that_cannot_be_read_says_so_and_leads_back(
    office: PageClient, imports: str
) -> None:
    with clock.freeze(NOW):
        upload = send(office, imports, b"no workbook")
        page = office.get(upload)
        assert "已损坏或不是表格文件" in text_of(page) and imports in page.text
        office.get(f"{upload}/heading", status=409)


def test_the_waiting_page_goes_on_by_itself(office: PageClient, imports: str) -> None:
    with clock.freeze(NOW):
        body = {"files": (io.BytesIO(xlsx(LINES)), "去年.xlsx"), "way": "own"}
        upload = office.post(imports, body).headers["Location"]
        assert "正在读取" in text_of(office.get(upload))
        assert office.http.get(f"{upload}/state").json["state"] == "running"
        run_jobs(office)
        assert office.http.get(f"{upload}/state").json["state"] == "done"
        office.get(upload, status=303)
        assert office.get(f"{upload}/columns", status=303).headers["Location"].endswith("heading")


def test_a_file_that_is_not_the_template_leads_to_the_steps(
    office: PageClient, imports: str
) -> None:
    with clock.freeze(NOW):
        body = {"files": (io.BytesIO(xlsx(LINES)), "去年.xlsx")}
        page = office.post(imports, body).headers["Location"]
        run_jobs(office)
        assert "选择标题行，对应各列" in text_of(office.get(page))
        upload = office.post(f"{page}/map").headers["Location"]
        run_jobs(office)
        assert "园区缴费【演示】" in text_of(office.get(f"{upload}/heading"))


def test_going_back_from_the_result_keeps_what_was_chosen(office: PageClient, imports: str) -> None:
    with clock.freeze(NOW):
        columns = at_columns(office, imports)
        result = office.submit(columns, {"c4": "linkage"}).headers["Location"]
        run_jobs(office)
        page = office.get(result)
        assert "修改对应关系" in text_of(page) and columns in page.text
        again = office.get(columns)
        assert '<option selected value="linkage">' in again.text


def test_the_steps_ask_as_often_for_few_rows_as_for_many(office: PageClient, imports: str) -> None:
    counted: dict[str, set[int]] = {}
    with clock.freeze(NOW):
        for count in (1, 60):
            rows = [["applicant", f"甲{n}【演示】", "1", ""] for n in range(count)]
            upload = send(office, imports, xlsx([*LINES[:2], *rows], "汇总"))
            columns = str(office.submit(f"{upload}/heading").headers["Location"])
            for page in (f"{upload}/heading", columns):
                statements = _statements(office, page)
                counted.setdefault(page.rpartition("/")[2], set()).add(statements)
    assert all(len(counts) == 1 and max(counts) <= 12 for counts in counted.values()), counted


def _statements(office: PageClient, page: str) -> int:
    statements: list[str] = []
    with office.app.app_context():
        engine = db.engine

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    office.get(page)
    event.remove(engine, "before_cursor_execute", note)
    return sum(text.lstrip().upper().startswith("SELECT") for text in statements)
