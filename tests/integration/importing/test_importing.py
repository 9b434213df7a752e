"""Last year's workbook: read by its own headings, matched with fields, made into drafts or more."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.calls.models.call import Call
from lab.db import EditConflict
from lab.extensions import db
from lab.importing import queries, queries_columns, service, service_reading
from lab.importing.models import ImportUpload
from lab.inbox.models.notices import Notice
from lab.proposals.bulk_import import queries as bulk_import_queries
from lab.proposals.bulk_import import service as bulk_import_service
from lab.proposals.bulk_import.workbook.results import row_results
from lab.proposals.models.imports import ProposalImport
from lab.proposals.models.proposal import Proposal
from lab.rejected import Rejected
from tests.support.builders import calls
from tests.support.builders.workbooks import good_row, grid, matched, own_upload, xlsx
from tests.support.cast import Cast, person

NOW = datetime(2022, 7, 10, 2, tzinfo=UTC)
TITLE = ["2021年创新项目申报汇总表"]
HEAD = ["序号", "申报人", "单位名称", "项目名称", "预算（万元）", "项目成员", "备注"]
ROWS = [
    ["1", "applicant", "邮政东城分公司", "园区缴费【演示】", "12.5", "member、组长甲", "无"],
    ["2", "applicant", "", "校园食堂【演示】", "", "", ""],
]
COLUMNS = {2: "owner_id", 3: "unit_id", 4: "title", 5: "budget_total", 6: "people"}


def july() -> clock.freeze:
    """The tenth of July."""
    return clock.freeze(NOW)


def opened(cast: Cast) -> Call:
    with clock.freeze(datetime(2022, 7, 1, 2, tzinfo=UTC)):
        return calls.open_call(cast)


@pytest.fixture
def call(ctx: Flask, cast: Cast) -> Call:
    return opened(cast)


def own(call: Call, cast: Cast, rows: list[list[str]] | None = None) -> ImportUpload:
    """Last year's workbook with its title row, read; headings in row 2."""
    return own_upload(call, cast, [TITLE, HEAD, *(ROWS if rows is None else rows)], head=2)


def said(batch: ProposalImport) -> list[tuple[int, str, str]]:
    return [
        (row.row, found.field, found.message)
        for row in row_results(batch)
        for found in row.findings
    ]


def made() -> list[Proposal]:
    return list(db.session.scalars(select(Proposal).order_by(Proposal.id)))


def test_rows_become_drafts_of_the_people_they_name(both_ctx: Flask, both_cast: Cast) -> None:
    call = opened(both_cast)
    with july():
        upload = own(call, both_cast)
        batch = matched(upload, both_cast, COLUMNS)
        assert (batch.status, said(batch), made()) == ("ready", [], [])
        assert bulk_import_service.confirm_import(batch, both_cast.office) == 2
        db.session.commit()
    first, second = sorted(made(), key=lambda draft: draft.title, reverse=True)
    assert [draft.status for draft in (first, second)] == ["draft", "draft"]
    assert {draft.owner_id for draft in (first, second)} == {both_cast.applicant}
    rich = next(draft for draft in (first, second) if draft.budget_fen)
    assert (rich.number, rich.budget_fen, rich.unit_id) == (None, 12_500_000, both_cast.post_branch)
    assert [row.person_id for row in rich.people] == [both_cast.member, both_cast.leader]
    bare = first if rich is second else second
    assert bare.unit_id == person(both_cast.applicant).unit_id
    assert bare.missing_count and rich.missing_count


def test_the_import_is_recorded_with_its_mapping(both_ctx: Flask, both_cast: Cast) -> None:
    call = opened(both_cast)
    with july():
        batch = matched(own(call, both_cast), both_cast, COLUMNS)
        bulk_import_service.confirm_import(batch, both_cast.office)
        db.session.commit()
    assert batch.plan is not None and batch.as_drafts
    assert (batch.plan["sheet"], batch.plan["head"]) == ("汇总", 2)
    assert dict(batch.plan["columns"]) == COLUMNS
    assert batch.plan["factors"] == {"budget_total": 10_000}
    line = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "import.confirm")).one()
    assert json.loads(line.detail)["draft_count"] == 2
    origin = bulk_import_queries.origin_of(made()[0].id)
    assert origin is not None and origin.as_draft
    assert (origin.received_on, origin.row in (3, 4)) == (None, True)
    assert bulk_import_queries.numbers_of(batch.id) is None


def test_the_owners_are_told_once_of_their_drafts(call: Call, cast: Cast) -> None:
    with july():
        batch = matched(own(call, cast), cast, COLUMNS)
        bulk_import_service.confirm_import(batch, cast.office)
        db.session.commit()
    texts = [
        (notice.person_id, notice.text)
        for notice in db.session.scalars(select(Notice))
        if "申报草稿" in notice.text
    ]
    wanted = "实施办公室已按来件建立您的2件申报草稿，请逐件补充后提交。"
    assert texts == [(cast.applicant, wanted)]


FAULTS = [
    (["1", "nobody", "", "甲", "", ""], "owner_id", "没有找到申报人“nobody”"),
    (["1", "", "", "甲", "", ""], "owner_id", "请选择填报人"),
    (["1", "applicant", "", "", "3", ""], "title", "尚未填写"),
    (["1", "applicant", "没有的单位", "甲", "", ""], "unit_id", "没有找到单位"),
    (["1", "applicant", "", "甲", "约三十", ""], "budget", "金额"),
    (["1", "applicant", "", "甲", "", "nobody"], "people", "没有找到人员"),
    (["1", "applicant", "", "长" * 51, "", ""], "title", "最多50个字符"),
]


@pytest.mark.parametrize(("row", "field", "message"), FAULTS)
def test_a_faulty_cell_stops_the_whole_import(
    call: Call, cast: Cast, row: list[str], field: str, message: str
) -> None:
    with july():
        batch = matched(own(call, cast, [ROWS[0], row]), cast, COLUMNS)
    assert batch.status == "failed"
    ((number, found, text),) = said(batch)
    assert (number, found) == (4, field) and message in text
    assert made() == []


def test_a_finding_shows_where_the_cell_stands_and_what_it_holds(call: Call, cast: Cast) -> None:
    with july():
        row = ["1", "nobody", "", "甲", "", ""]
        batch = matched(own(call, cast, [row]), cast, COLUMNS)
    (finding,) = row_results(batch)[0].errors
    assert (finding.place, finding.text) == ("B3", "nobody")


def test_rows_below_the_last_one_are_left_out(call: Call, cast: Cast) -> None:
    with july():
        upload = own(call, cast, [*ROWS, ["合计", "", "", "", "12.5"]])
        service.save_heading(upload, upload.version, sheet="汇总", head=2, last=4)
        batch = matched(upload, cast, COLUMNS)
    assert (batch.status, batch.row_count) == ("ready", 2)


def test_a_whole_table_may_be_submitted_by_its_own_headings(call: Call, cast: Cast) -> None:
    lines = grid([good_row(1), good_row(2)])
    with july():
        upload = own_upload(call, cast, [TITLE, *lines], head=2)
        page = queries_columns.columns_page(upload, None)
        assert page is not None
        batch = matched(upload, cast, page.chosen, "submitted")
        assert (batch.status, said(batch)) == ("ready", [])
        assert bulk_import_service.confirm_import(batch, cast.office) == 2
        db.session.commit()
    assert [proposal.status for proposal in made()] == ["submitted", "submitted"]


# -- what was chosen is remembered, checked, never mixed up ------------------------------------


def test_the_mapping_is_remembered_for_the_unit(call: Call, cast: Cast) -> None:
    unit = person(cast.office).unit_id
    with july():
        matched(own(call, cast), cast, {**COLUMNS, 7: "linkage"})
        again = own(call, cast, [ROWS[1]])
        page, stranger = (queries_columns.columns_page(again, mine) for mine in (unit, None))
    assert page is not None and stranger is not None
    assert page.chosen[7] == "linkage" and page.columns[6].remembered
    assert stranger.chosen[7] == "" and not stranger.columns[6].remembered
    assert page.chosen[1] == ""


def test_a_heading_as_long_as_a_sentence_is_remembered_too(call: Call, cast: Cast) -> None:
    unit = person(cast.office).unit_id
    head = [
        *HEAD[:-1],
        "请各单位如实填写本项目与邮政储蓄银行各部门之间的联动安排以及需要对方配合的事项" * 2,
    ]
    with july():
        for field in ("plan", "linkage"):
            upload = own_upload(call, cast, [TITLE, head, *ROWS], head=2)
            matched(upload, cast, {**COLUMNS, 7: field})
        page = queries_columns.columns_page(
            own_upload(call, cast, [TITLE, head, ROWS[1]], head=2), unit
        )
    assert page is not None and page.chosen[7] == "linkage" and page.columns[6].remembered


def test_matching_anew_gives_up_the_earlier_dry_run(call: Call, cast: Cast) -> None:
    with july():
        upload = own(call, cast)
        first = matched(upload, cast, COLUMNS)
        second = matched(upload, cast, {2: "owner_id", 4: "title"})
        db.session.refresh(first)
        page = queries_columns.columns_page(upload, None)
    assert (first.status, second.status) == ("abandoned", "ready")
    assert page is not None and page.chosen[3] == "" and page.chosen[4] == "title"


def test_another_row_of_headings_begins_the_matching_anew(call: Call, cast: Cast) -> None:
    with july():
        upload = own(call, cast)
        matched(upload, cast, {2: "owner_id", 4: "title"})
        service.save_heading(upload, upload.version, sheet="汇总", head=3, last=None)
        page = queries_columns.columns_page(upload, None)
    assert page is not None and page.headings[4] == "园区缴费【演示】"


def test_two_people_at_one_upload_do_not_overwrite_each_other(call: Call, cast: Cast) -> None:
    with july():
        upload = own(call, cast)
        stale = upload.version - 1
        with pytest.raises(EditConflict):
            service.save_heading(upload, stale, sheet="汇总", head=1, last=None)


def test_drafts_are_not_made_once_the_call_has_closed(call: Call, cast: Cast) -> None:
    with july():
        upload = own(call, cast)
        waiting = matched(upload, cast, COLUMNS)
        calls.close(call)
        with pytest.raises(Rejected, match="征集已截止"):
            bulk_import_service.confirm_import(waiting, cast.office)
        db.session.rollback()
        with pytest.raises(Rejected, match="征集已截止"):
            matched(upload, cast, COLUMNS)


# -- reading -----------------------------------------------------------------------------------


def read(call: Call, cast: Cast, data: bytes, name: str) -> ImportUpload:
    with july():
        upload = bulk_import_service.begin_own(
            call, FileStorage(io.BytesIO(data), name), cast.office
        )
        db.session.commit()
        service_reading.read_upload({"upload": upload.key})
        db.session.refresh(upload)
    return upload


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"no workbook", "a.xlsx", "已损坏"),
        (xlsx([]), "a.xlsx", "文件中没有内容"),
        (b"", "a.csv", "文件中没有内容"),
        (b"%PDF-1.7", "a.xls", "PDF文件"),
    ],
)
def test_a_file_without_a_table_fails_with_a_message(
    call: Call, cast: Cast, data: bytes, name: str, message: str
) -> None:
    upload = read(call, cast, data, name)
    assert upload.status == "failed" and message in upload.failure


def test_a_text_file_has_one_worksheet_without_a_name(call: Call, cast: Cast) -> None:
    upload = read(call, cast, "申报人;项目名称\napplicant;甲\n".encode("gbk"), "旧表.csv")
    page = queries.heading_page(upload, "")
    assert (len(page.sheets), page.sheet.name, page.likely) == (1, "", 1)


def test_reading_may_be_run_again_after_a_crash(call: Call, cast: Cast) -> None:
    upload = read(call, cast, xlsx([HEAD, *ROWS]), "a.xlsx")
    before = upload.version
    service_reading.read_upload({"upload": upload.key})
    db.session.refresh(upload)
    assert upload.version == before


def test_a_file_taken_for_the_template_can_be_matched(call: Call, cast: Cast) -> None:
    with july():
        file = FileStorage(io.BytesIO(xlsx([TITLE, HEAD, *ROWS])), "去年.xlsx")
        batch = bulk_import_service.begin_import(call, file, cast.office)
        db.session.commit()
        upload = bulk_import_service.begin_own_again(batch, cast.office)
        db.session.commit()
        service_reading.read_upload({"upload": upload.key})
        db.session.refresh(upload)
        assert queries.heading_page(upload, "").likely == 2
    assert db.session.scalar(select(func.count()).select_from(ImportUpload)) == 1


def test_a_name_that_two_people_share_is_told_by_the_unit(call: Call, cast: Cast) -> None:
    twin = person(cast.stranger)
    twin.name = person(cast.applicant).name
    audit.record("people.edit", twin)
    db.session.commit()
    rows = [
        ["1", twin.name, "邮政东城分公司", "甲【演示】", "", "", ""],
        ["2", twin.name, "", "乙【演示】", "", "", ""],
    ]
    with july():
        both = matched(own(call, cast, rows), cast, COLUMNS)
        first = matched(own(call, cast, rows[:1]), cast, COLUMNS)
        assert bulk_import_service.confirm_import(first, cast.office) == 1
    ((number, field, message),) = said(both)
    assert (number, field) == (4, "owner_id") and "对应2个申报人" in message
    assert made()[0].owner_id == cast.applicant
