"""Sheets of proposals as the office would send them in, made with the portal's own headings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import xlsxwriter
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from lab import clock
from lab.calls.models.call import Call
from lab.extensions import db
from lab.identity.models.account import Person
from lab.importing.matching import queries_columns
from lab.importing.matching import service as importing
from lab.importing.models import ImportUpload
from lab.importing.uploads import service_reading
from lab.proposals.bulk_import import service as bulk_import_service
from lab.proposals.bulk_import import service_check as bulk_import_check
from lab.proposals.bulk_import.workbook.columns import FORM_WORKSHEET, by_field, template_columns
from lab.proposals.bulk_import.workbook.results import row_results
from lab.proposals.models.imports import ProposalImport
from tests.support.builders.calls import open_call
from tests.support.cast import Cast

Row = Mapping[str, str]


def good_row(number: int = 1, **changes: str) -> dict[str, str]:
    """A row that can be imported: field -> text of its cell; people of the cast by name."""
    row = {
        "owner_id": "applicant",
        "received_on": "2022-07-05",
        "pledge": "是",
        "title": f"批量申报{number}【演示】",
        "unit_id": "邮政东城分公司",
        "joint_unit_id": "银行 · 邮储东城支行",
        "partner_id": "",
        "project_type": "场景建设",
        "scenario_type": "园区/商圈",
        "place": "东城区示范园区",
        "starts_on": "2022年8月1日",
        "ends_on": "2022-12-31",
        "leader_id": "组长甲（邮政东城分公司）",
        "leader_duty": "副总经理",
        "leader_phone": "010-10000000",
        "people": "member|商户拓展",
        "background": "园区缴费以现金为主。",
        "mode": "三方合作。",
        "innovation": "",
        "plan": "分三个阶段实施。",
        "departments": "市场部。",
        "linkage": "带动代发工资。",
        "smart_contract": "否",
        "smart_contract_text": "",
        "milestones": "完成系统对接|2022-09-30\n园区上线｜2022年11月30日",
        "targets": "开立个人钱包数|0|20000|2022-12-31\nK06||30|2022-12-31",
        "budget": "宣传物料|120000.5|营销费用",
        "budget_source": "营销费用",
        "risks": "均有安排。",
        "demonstration": "全市首个园区。",
        "replicability": "可以推广。",
        "unit_opinion": "同意申报。",
        "avoided": "评委甲（邮储丰台支行）|曾经共事",
    }
    return {**row, **changes}


def grid(rows: Iterable[Row]) -> list[list[str]]:
    """Headings and cells in the order of the template."""
    head = [column.heading for column in template_columns()]
    return [head, *([row.get(column.field, "") for column in template_columns()] for row in rows)]


def xlsx(lines: Iterable[Iterable[Any]], sheet: str = FORM_WORKSHEET) -> bytes:
    """A workbook with these cells, texts as texts."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_numbers": False, "strings_to_formulas": False})
    page = book.add_worksheet(sheet)
    for place, line in enumerate(lines):
        for column, text in enumerate(line):
            page.write(place, column, text)
    book.close()
    return out.getvalue()


def csv_text(lines: Iterable[Iterable[str]]) -> str:
    """The same as the text of a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return out.getvalue()


def label(field: str) -> str:
    """The label of a column."""
    return by_field()[field].label


def own_upload(
    call: Call, cast: Cast, lines: Iterable[Iterable[Any]], head: int = 1, data: bytes = b""
) -> ImportUpload:
    """A workbook of the office's own that was read, and whose row of headings was chosen.

    `data` are its bytes, where no lines would give them.
    """
    file = FileStorage(io.BytesIO(data or xlsx(lines, "汇总")), "去年的汇总表.xlsx")
    upload = bulk_import_service.begin_own(call, file, cast.office)
    db.session.commit()
    service_reading.read_upload({"upload": upload.key})
    db.session.refresh(upload)
    importing.save_heading(upload, upload.version, sheet="汇总", head=head, last=None)
    db.session.commit()
    return upload


def matched(
    upload: ImportUpload,
    cast: Cast,
    columns: Mapping[int, str],
    mode: str = "drafts",
    stand_in: int | None = None,
) -> ProposalImport:
    """The dry run of an upload whose columns (from 1) were matched with fields."""
    page = queries_columns.columns_page(upload, None)
    assert page is not None
    choice = importing.ColumnChoice(mode, columns, page.headings, stand_in)
    unit = db.session.get_one(Person, cast.office).unit_id
    key = importing.save_columns(upload, upload.version, choice, cast.office, unit)
    db.session.commit()
    bulk_import_check.KIND.run_dry_check({"import": key})
    return db.session.scalars(select(ProposalImport).where(ProposalImport.key == key)).one()


def sent(call: Call, cast: Cast, data: bytes, name: str = "来件汇总.xlsx") -> ProposalImport:
    """A sheet that was uploaded and checked."""
    upload = FileStorage(io.BytesIO(data), name)
    sheet = bulk_import_service.begin_import(call, upload, cast.office)
    db.session.commit()
    bulk_import_check.KIND.run_dry_check({"import": sheet.key})
    db.session.refresh(sheet)
    return sheet


def checked(call: Call, cast: Cast, *rows: Row) -> ProposalImport:
    """The same from rows."""
    return sent(call, cast, xlsx(grid(rows)))


def july_call(cast: Cast) -> Call:
    """A call that opened on 1 July 2022 at 10:00 in Beijing."""
    with clock.freeze(datetime(2022, 7, 1, 2, tzinfo=UTC)):
        return open_call(cast)


def findings_said(batch: ProposalImport) -> list[tuple[int, str, str]]:
    """What the dry run found: the row, the field, the sentence."""
    return [
        (row.row, found.field, found.message)
        for row in row_results(batch)
        for found in row.findings
    ]
