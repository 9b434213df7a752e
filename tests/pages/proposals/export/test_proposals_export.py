"""Lists taken away as files: what the list shows, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from lab import clock
from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.proposals.export.columns import OFFICE_COLUMNS, all_columns
from lab.proposals.models.proposal import Proposal
from lab.proposals.writing import service as drafts
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    avoiding,
    check,
    filled_draft,
    submitted_proposal,
)
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

ALL = list(all_columns())
PATH = "/proposals/export"


@pytest.fixture
def filed(app: Flask, cast: Cast) -> None:
    """Two submitted proposals, one that looks like a formula, and a draft."""
    with app.app_context():
        call = open_call(cast)
        submitted_proposal(cast, call, title="=1+1【演示】", avoided=[_avoid(cast)])
        submitted_proposal(cast, call, title="普通项目【演示】", place="-5", budget_fen=-0)
        filled_draft(cast, call, title="还在写【演示】")


def _avoid(cast: Cast) -> dict[str, Any]:
    return avoiding(cast.reviewer, "曾经|共事")


def export(client: PageClient, kind: str, columns: list[str], **filters: str) -> bytes:
    sent = {"kind": kind, "columns": columns, **filters}
    return bytes(client.post(PATH, sent, status=200).data)


def rows_of(data: bytes) -> list[dict[str, Any]]:
    lines = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_the_office_takes_what_its_list_shows(
    client: PageClient, cast: Cast, filed: None, app: Flask
) -> None:
    office = client.as_(cast.office)
    page = office.get(f"{PATH}?q=普通")
    assert "共1件，筛选条件：普通" in text_of(page)
    rows = rows_of(export(office, "xlsx", ALL))
    assert [row["项目名称"] for row in rows] == ["普通项目【演示】", "=1+1【演示】"]
    one = rows[1]
    assert (one["状态"], one["所属方"], one["申报单位"]) == ("已提交", "联合", "邮政东城分公司")
    assert one["负责人"] == "组长甲（邮政东城分公司）" and one["预算合计（元）"] == 120000
    assert one["预算"].startswith("宣传物料|80000")
    assert one["预期指标"].split("\n")[1] == "受理商户数|5|30|2022-12-31"
    assert one["拟回避评委"] == "评委甲（邮储丰台支行）|曾经\\|共事"
    assert one["负责人电话"] == "010-10000000"
    assert [row["项目名称"] for row in rows_of(export(office, "xlsx", ALL, q="普通"))] == [
        "普通项目【演示】"
    ]
    assert rows_of(export(office, "xlsx", ALL, status="accepted")) == []


def test_the_file_has_the_headings_of_the_list(client: PageClient, cast: Cast, filed: None) -> None:
    office = client.as_(cast.office)
    shown = re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', office.get("/proposals").text)
    (first, *_) = rows_of(export(office, "xlsx", ALL))
    assert set(shown) - set(first) == {"下一步", "由谁办理"}  # of the reader, not the proposal


def test_unsubmitted_corrections_are_in_nobody_elses_files(
    client: PageClient, cast: Cast, app: Flask
) -> None:
    columns = [name for name in ALL if name not in ("saved_at", "status")]
    office = client.as_(cast.office)
    with app.app_context():
        proposal = submitted_proposal(cast, open_call(cast), avoided=[_avoid(cast)])
        key = proposal.key
    as_submitted = rows_of(export(office, "xlsx", columns))
    with app.app_context():
        row = db.session.scalars(select(Proposal).where(Proposal.key == key)).one()
        check(row, cast, "returned", clock.today())
        changed: dict[str, Any] = {
            **{"title": "新起的名称", "background": "暗中改写。", "starts_on": date(2022, 8, 8)},
            **{"smart_contract": True, "leader_phone": "010-20000000", "targets": ()},
            **{"milestones": (), "people": (), "budget": (), "avoided": ()},
        }
        drafts.save_draft(drafts.SaveDraft(row, None, changed, person_id=cast.applicant))
        db.session.commit()
    told = rows_of(export(office, "xlsx", columns))
    assert told[0]["拟回避评委"] == "评委甲（邮储丰台支行）|曾经\\|共事"
    assert told == as_submitted
    own = rows_of(export(client.as_(cast.applicant), "xlsx", ["title", "background", "people"]))
    assert own == [{"项目名称": "新起的名称", "项目背景与必要性": "暗中改写。", "项目组成员": ""}]


def test_nothing_in_the_file_is_a_formula(client: PageClient, cast: Cast, filed: None) -> None:
    office = client.as_(cast.office)
    sheet = openpyxl.load_workbook(io.BytesIO(export(office, "xlsx", ALL))).active
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds and sheet.freeze_panes == "A2"
    data = export(office, "csv", ["title", "place"])
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\r\n") == 3
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[1:] == [["普通项目【演示】", "-5"], ["'=1+1【演示】", "东城区示范园区"]]


def test_applicants_export_their_list_without_office_data(
    client: PageClient, cast: Cast, filed: None
) -> None:
    applicant = client.as_(cast.applicant)
    page = text_of(applicant.get(PATH))
    assert "拟回避评委" not in page and "负责人电话" not in page
    mine = [field for field in ALL if field not in OFFICE_COLUMNS]
    assert len(rows_of(export(applicant, "xlsx", mine))) == 3
    for field in OFFICE_COLUMNS:
        refused = applicant.post(PATH, {"kind": "csv", "columns": [field]}, status=422)
        assert "不在列表中" in refused.text or "请选择栏目" in refused.text
    assert rows_of(export(client.as_(cast.member), "xlsx", ["title"])) != []
    stranger = client.as_(cast.stranger)
    assert "没有可以导出的申报书" in text_of(stranger.get(PATH))
    assert rows_of(export(stranger, "xlsx", ["title"])) == []
    client.as_(cast.reviewer).get(PATH, status=403)


def test_each_export_is_one_line_in_the_log(
    client: PageClient, cast: Cast, filed: None, app: Flask
) -> None:
    export(client.as_(cast.office), "csv", ["title", "leader_phone"])
    with app.app_context():
        wanted = select(AuditEvent.detail).where(AuditEvent.action == "proposal.export_list")
        details = [json.loads(detail) for detail in db.session.scalars(wanted)]
    assert details == [{"count": 2, "kind": "csv", "columns": ["项目名称", "负责人电话"]}]


def test_the_choice_of_columns_is_in_the_address(
    client: PageClient, cast: Cast, filed: None
) -> None:
    page = client.as_(cast.office).get(f"{PATH}?columns=title&columns=place&columns=secret")
    root = page.text
    assert root.count("checked") == 3  # two columns and the kind of file
    assert "请选择栏目" in client.as_(cast.office).post(PATH, {"kind": "csv"}, status=422).text
