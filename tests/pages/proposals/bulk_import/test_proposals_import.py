"""The office's sheets as the office meets them: template, upload, result, confirmation."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import event, select

from lab import clock
from lab.extensions import db
from lab.jobs import service as jobs
from lab.proposals.bulk_import import service as bulk_import_service
from lab.proposals.bulk_import.workbook.columns import (
    FORM_WORKSHEET,
    GUIDE_WORKSHEET,
    OPTIONS_WORKSHEET,
    template_columns,
)
from lab.proposals.models.imports import ProposalImport
from lab.proposals.models.proposal import Proposal
from tests.support.builders.calls import closed_call, draft_call, open_call
from tests.support.builders.workbooks import checked, csv_text, good_row, grid, xlsx
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

pytestmark = pytest.mark.usefixtures("workbooks_here")

NOW = datetime(2022, 7, 10, 2, tzinfo=UTC)


@pytest.fixture
def call_key(app: Flask, cast: Cast) -> str:
    with app.app_context(), clock.freeze(datetime(2022, 7, 1, 2, tzinfo=UTC)):
        return open_call(cast).key


def upload(client: PageClient, call_key: str, data: bytes, name: str) -> str:
    """Send a sheet in and have it checked; the address of its page."""
    answer = client.post(
        f"/proposals/imports/calls/{call_key}", {"files": (io.BytesIO(data), name)}
    )
    with client.app.app_context():
        jobs.run_due()
    return str(answer.headers["Location"])


def test_a_clerk_takes_the_template_fills_it_and_imports(
    client: PageClient, app: Flask, cast: Cast, call_key: str
) -> None:
    with clock.freeze(NOW):
        office = client.as_(cast.office)
        got = office.http.get(f"/proposals/imports/calls/{call_key}/template")
        book = openpyxl.load_workbook(io.BytesIO(got.data))
        sheet = book[FORM_WORKSHEET]
        assert [cell.value for cell in sheet[1]] == [
            column.heading for column in template_columns()
        ]
        for place, column in enumerate(template_columns(), start=1):
            sheet.cell(3, place, good_row()[column.field])
        filled = io.BytesIO()
        book.save(filled)
        page = upload(office, call_key, filled.getvalue(), "七月来件.xlsx")
        text = text_of(office.get(page))
        assert "七月来件.xlsx 待确认" in text and "1行全部通过核对" in text
        office.submit(page, form=-1)
        result = office.get(page)
        assert "填报人" in text_of(result) and "SB-2022-01-001" in text_of(result)
        (link,) = lxml_html.fromstring(result.text).xpath("//a[text()='SB-2022-01-001']/@href")
        office.get(link)
        assert "已导入1件申报书，编号SB-2022-01-001。" in text_of(office.get(page))
        with app.app_context():
            key = db.session.scalars(select(Proposal.key)).one()
        shown = text_of(office.get(f"/proposals/{key}"))
        assert "批量导入" in shown and "收件日期2022年7月5日" in shown
        assert "来源七月来件.xlsx第3行" in shown and "导入人经办甲" in shown
        assert "批量导入" in text_of(client.as_(cast.applicant).get(f"/proposals/{key}"))


def test_the_template_explains_columns_and_choices(
    client: PageClient, cast: Cast, call_key: str
) -> None:
    got = client.as_(cast.office).http.get(f"/proposals/imports/calls/{call_key}/template")
    book = openpyxl.load_workbook(io.BytesIO(got.data))
    assert book.sheetnames == [FORM_WORKSHEET, GUIDE_WORKSHEET, OPTIONS_WORKSHEET]
    explained = [row[0] for row in book[GUIDE_WORKSHEET].iter_rows(values_only=True)]
    assert set(explained) >= {column.label for column in template_columns()}
    offered = [row[0] for row in book[OPTIONS_WORKSHEET].iter_rows(min_row=2, values_only=True)]
    assert "邮政东城分公司" in offered
    lists = {
        str(rule.sqref)[0]: rule.formula1
        for rule in book[FORM_WORKSHEET].data_validations.dataValidation
        if rule.type == "list"
    }
    assert f"'{OPTIONS_WORKSHEET}'!$A$2:$A$7" in lists.values() and '"是"' in lists.values()
    assert book[FORM_WORKSHEET].freeze_panes == "A2"


def test_faulty_cells_are_named_and_marked(
    client: PageClient, app: Flask, cast: Cast, call_key: str
) -> None:
    with clock.freeze(NOW):
        office = client.as_(cast.office)
        rows = [good_row(1), good_row(2, ends_on="2022-11-31"), good_row(1)]
        page = upload(office, call_key, csv_text(grid(rows)).encode("gbk"), "来件.csv")
        text = text_of(office.get(page))
        assert "未通过" in text and "1行有问题，整表没有导入" in text
        assert "第3行「计划结束日期」 ：没有“2022-11-31”这一天" in text.replace("」：", "」 ：")
        found = text_of(office.get(f"{page}?only=found"))
        assert "第3行" in found and "第4行" in found and "第2行 项目名称" not in found
        marked = office.post(f"{page}/marked", status=200)
        sheet = openpyxl.load_workbook(io.BytesIO(marked.data))[FORM_WORKSHEET]
        notes = {
            cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment
        }
        assert len(notes) == 2 and any("2022-11-31" in note for note in notes.values())
        again = upload(office, call_key, marked.data, "改正.xlsx")
        assert "1行有问题" in text_of(office.get(again))
        with app.app_context():
            assert db.session.scalar(select(Proposal.id)) is None


def test_a_wrong_file_is_refused_with_a_message(
    client: PageClient, cast: Cast, call_key: str
) -> None:
    with clock.freeze(NOW):
        office = client.as_(cast.office)
        where = f"/proposals/imports/calls/{call_key}"
        answer = office.post(where, {"files": (io.BytesIO(b"x"), "来件.pdf")}, status=422)
        assert "“来件.pdf”的类型不能上传" in answer.text
        assert "请选择申报表文件。" in office.post(where, status=422).text


def test_who_may_import_and_when(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        before = draft_call(cast).key
        after = closed_call(cast, batch=2).key
    office = client.as_(cast.office)
    assert "不能导入" in text_of(office.get(f"/proposals/imports/calls/{before}"))
    office.post(f"/proposals/imports/calls/{before}", status=409)
    assert "上传并核对" in text_of(office.get(f"/proposals/imports/calls/{after}"))
    client.as_(cast.applicant).get(f"/proposals/imports/calls/{after}", status=403)


def test_a_sheet_that_is_being_checked_says_so(
    client: PageClient, cast: Cast, call_key: str
) -> None:
    with clock.freeze(NOW):
        office = client.as_(cast.office)
        sent = office.post(
            f"/proposals/imports/calls/{call_key}",
            {"files": (io.BytesIO(xlsx(grid([good_row()]))), "来件.xlsx")},
        )
        page = sent.headers["Location"]
        assert "正在逐格核对" in text_of(office.get(page))
        assert office.http.get(f"{page}/state").json["state"] == "running"
        with client.app.app_context():
            jobs.run_due()
        assert office.http.get(f"{page}/state").json["state"] == "done"
        office.submit(page)
        assert "已放弃" in text_of(office.get(page))


def test_hidden_rows_are_asked_about_on_the_page(
    client: PageClient, app: Flask, cast: Cast, call_key: str
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(grid([good_row(1), good_row(2)]))))
    book[FORM_WORKSHEET].row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    with clock.freeze(NOW):
        office = client.as_(cast.office)
        page = upload(office, call_key, out.getvalue(), "筛选过.xlsx")
        assert "第3行在表中被隐藏了" in text_of(office.get(page))
        refused = office.post(f"{page}/confirm", status=422)
        assert "表中有隐藏的行，请选择是否一并导入。" in text_of(refused)
        office.post(f"{page}/confirm", {"hidden": "leave"}, status=303)
        text = text_of(office.get(page))
        assert "已导入1件申报书" in text and "隐藏的第3行没有导入。" in text


def test_the_pages_ask_as_often_for_one_row_as_for_many(
    client: PageClient, app: Flask, cast: Cast, call_key: str
) -> None:
    counted: dict[str, list[int]] = {}
    with clock.freeze(NOW):
        office = client.as_(cast.office)
        for count in (1, 3, 30):
            with app.app_context():
                call = db.session.scalars(select(ProposalImport.call_id)).first()
                assert (call is None) == (count == 1)
            _add_sheet(app, cast, call_key, count)
            with app.app_context():
                last = select(ProposalImport.key).order_by(ProposalImport.id.desc())
                key = db.session.scalars(last).first()
            for page in (f"/proposals/imports/calls/{call_key}", f"/proposals/imports/{key}"):
                statements: list[str] = []
                with app.app_context():
                    engine = db.engine

                def note(*args: object, into: list[str] = statements) -> None:
                    into.append(str(args[2]))

                event.listen(engine, "before_cursor_execute", note)
                office.get(page)
                event.remove(engine, "before_cursor_execute", note)
                kind = "list" if "calls" in page else "one"
                counted.setdefault(kind, []).append(
                    sum(s.lstrip().upper().startswith("SELECT") for s in statements)
                )
    for counts in counted.values():
        assert len(set(counts)) == 1 and counts[0] <= 12, counted


def _add_sheet(app: Flask, cast: Cast, call_key: str, count: int) -> None:
    with app.app_context():
        call = bulk_import_service.Call.query.filter_by(key=call_key).one()
        checked(call, cast, *[good_row(n) for n in range(count)])
