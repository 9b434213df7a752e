"""Last year's workbook: read by its own headings, matched with fields, made into drafts or more."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.calls.models.call import Call
from lab.db import EditConflict
from lab.extensions import db
from lab.importing.matching import queries, queries_columns, service
from lab.importing.models import ImportUpload
from lab.importing.uploads import service_reading
from lab.inbox.models.notices import Notice
from lab.jobs.models import Job
from lab.proposals.bulk_import import queries as bulk_import_queries
from lab.proposals.bulk_import import service as bulk_import_service
from lab.proposals.bulk_import.workbook.columns import template_columns
from lab.proposals.bulk_import.workbook.results import row_results
from lab.proposals.models.imports import ProposalImport
from lab.proposals.models.proposal import Proposal
from lab.proposals.search import indexing
from lab.rejected import Rejected
from tests.support.builders import calls
from tests.support.builders.raw_workbooks import raw_xlsx, text_cell
from tests.support.builders.workbooks import (
    findings_said,
    good_row,
    grid,
    july_call,
    matched,
    own_upload,
    xlsx,
)
from tests.support.cast import Cast, person

pytestmark = pytest.mark.usefixtures("workbooks_here")

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


@pytest.fixture
def call(ctx: Flask, cast: Cast) -> Call:
    return july_call(cast)


def own(call: Call, cast: Cast, rows: list[list[str]] | None = None) -> ImportUpload:
    """Last year's workbook with its title row, read; headings in row 2."""
    return own_upload(call, cast, [TITLE, HEAD, *(ROWS if rows is None else rows)], head=2)


def made() -> list[Proposal]:
    return list(db.session.scalars(select(Proposal).order_by(Proposal.id)))


def test_rows_become_drafts_of_the_people_they_name(both_ctx: Flask, both_cast: Cast) -> None:
    call = july_call(both_cast)
    with july():
        upload = own(call, both_cast)
        batch = matched(upload, both_cast, COLUMNS)
        assert (batch.status, findings_said(batch), made()) == ("ready", [], [])
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
    call = july_call(both_cast)
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
    assert bulk_import_queries.numbers_of(batch.id) == ""
    indexed = db.session.scalars(select(Job.arguments).where(Job.kind == indexing.IMPORTED)).all()
    assert indexed == [{"import": batch.id}]


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


NOBODY = [
    (["1", "nobody", "", "甲", "", ""], "owner_id", "没有找到申报人“nobody”"),
    (["1", "", "", "甲", "", ""], "owner_id", "请选择填报人"),
]
FAULTS = [
    (["1", "applicant", "", "", "3", ""], "title", "尚未填写"),
    (["1", "applicant", "没有的单位", "甲", "", ""], "unit_id", "没有找到单位"),
    (["1", "applicant", "", "甲", "约三十", ""], "budget", "请填写数字"),
    (["1", "applicant", "", "甲", "", "nobody"], "people", "没有找到人员"),
    (["1", "applicant", "", "长" * 51, "", ""], "title", "最多50个字符"),
]


@pytest.mark.parametrize(("row", "field", "message"), NOBODY)
def test_a_draft_of_nobody_stops_the_whole_import(
    call: Call, cast: Cast, row: list[str], field: str, message: str
) -> None:
    with july():
        batch = matched(own(call, cast, [ROWS[0], row]), cast, COLUMNS)
    assert batch.status == "failed" and row_results(batch)[1].barred
    ((number, found, text),) = findings_said(batch)
    assert (number, found) == (4, field) and message in text
    assert made() == []


def test_rows_without_an_owner_go_to_whom_the_office_chose(call: Call, cast: Cast) -> None:
    rows = [ROWS[0], *([*row[:3], f"题{n}", *row[4:]] for n, (row, *_) in enumerate(NOBODY))]
    with july():
        batch = matched(own(call, cast, rows), cast, COLUMNS, stand_in=cast.member)
        assert batch.status == "ready" and not batch.faulty_count
        assert [row.owner for row in row_results(batch)] == ["申报甲", "组员甲", "组员甲"]
        assert [text for *_, text in findings_said(batch)] == [
            "没有找到申报人“nobody”，请写登录名或“姓名（单位）”。"
        ]
        assert bulk_import_service.confirm_import(batch, cast.office) == 3
        db.session.commit()
    owners = sorted(proposal.owner_id for proposal in made())
    assert owners == sorted([cast.applicant, cast.member, cast.member])
    told = {notice.person_id for notice in db.session.scalars(select(Notice))}
    assert {cast.applicant, cast.member} <= told


@pytest.mark.parametrize(("row", "field", "message"), FAULTS)
def test_a_faulty_cell_of_a_draft_waits_for_the_offices_word(
    call: Call, cast: Cast, row: list[str], field: str, message: str
) -> None:
    with july():
        batch = matched(own(call, cast, [ROWS[0], row]), cast, COLUMNS)
        assert (batch.status, batch.faulty_count) == ("ready", 1)
        ((number, found, text),) = findings_said(batch)
        assert (number, found) == (4, field) and message in text
        with pytest.raises(Rejected, match="请勾选后再导入"):
            bulk_import_service.confirm_import(batch, cast.office)
        db.session.rollback()
        assert made() == []
        assert bulk_import_service.confirm_import(batch, cast.office, lenient=True) == 2
        db.session.commit()
    draft = max(made(), key=lambda proposal: proposal.id)
    if field in ("budget", "people", "title") and row[3]:
        assert field in draft.invalid_input  # its owner finds it as it was typed, with the reason
    assert draft.status == "draft" and draft.missing_count > 0


def test_a_leader_whom_nobody_knows_stays_as_it_was_typed(call: Call, cast: Cast) -> None:
    row = ["1", "applicant", "", "甲", "", "张无人"]
    with july():
        batch = matched(own(call, cast, [row]), cast, {**COLUMNS, 6: "leader_id"})
        ((_, field, text),) = findings_said(batch)
        assert field == "leader_id" and "没有找到人员“张无人”" in text
        assert bulk_import_service.confirm_import(batch, cast.office, lenient=True) == 1
        db.session.commit()
    (draft,) = made()
    assert draft.leader_id is None and "张无人" in str(draft.invalid_input["leader_id"])


PERIOD = {2: "owner_id", 4: "title", 5: "duration"}


def period_of(call: Call, cast: Cast, *cells: str) -> ProposalImport:
    """The dry run of drafts whose column E holds a period."""
    head = [*HEAD[:4], "实施起止"]
    rows = [["1", "applicant", "", f"甲{n}", cell] for n, cell in enumerate(cells)]
    return matched(own_upload(call, cast, [TITLE, head, *rows], head=2), cast, PERIOD)


def test_a_period_fills_both_days_of_the_proposal(both_ctx: Flask, both_cast: Cast) -> None:
    call = july_call(both_cast)
    with july():
        batch = period_of(call, both_cast, "2022年8月—2023年2月", "2022.8.15-12.20", "")
        assert (batch.status, batch.faulty_count, batch.warned_count) == ("ready", 0, 2)
        said = [(row, field, text) for row, field, text in findings_said(batch)]
        assert said == [
            (3, "starts_on", "没有写哪一日，按月初、月末读作2022年8月1日至2023年2月28日。"),
            (4, "starts_on", "读作2022年8月15日至2022年12月20日。"),
        ]
        (finding,) = row_results(batch)[0].warnings
        assert (finding.place, finding.text) == ("E3", "2022年8月—2023年2月")
        bulk_import_service.confirm_import(batch, both_cast.office)
        db.session.commit()
    days = sorted((draft.title, draft.starts_on, draft.ends_on) for draft in made())
    assert days == [
        ("甲0", date(2022, 8, 1), date(2023, 2, 28)),
        ("甲1", date(2022, 8, 15), date(2022, 12, 20)),
        ("甲2", None, None),
    ]


def test_what_is_no_period_is_named_once_and_kept_as_typed(call: Call, cast: Cast) -> None:
    with july():
        batch = period_of(call, cast, "约一年", "2023年2月—2022年8月")
        found = findings_said(batch)
        assert [(row, field) for row, field, _ in found if row == 3] == [(3, "starts_on")]
        assert "看不出开始和结束两个日期" in found[0][2]
        assert [field for row, field, text in found if row == 4 and "早于" in text] == ["ends_on"]
        bulk_import_service.confirm_import(batch, cast.office, lenient=True)
        db.session.commit()
    first = next(draft for draft in made() if draft.title == "甲0")
    assert first.starts_on is None and "约一年" in str(first.invalid_input["starts_on"])


def test_a_period_is_enough_for_a_whole_table(call: Call, cast: Cast) -> None:
    fields = {n: found.field for n, found in enumerate(template_columns(), start=1)}
    starts = next(n for n, field in fields.items() if field == "starts_on")
    head, *rows = grid([good_row(1), good_row(2)])
    for line, cell in zip([head, *rows], ["实施起止", "2022.8-2022.12", "八月起"], strict=True):
        line[starts - 1 : starts + 1] = [cell]
    columns = {n: field for n, field in fields.items() if n < starts}
    columns |= {starts: "duration"}
    columns |= {n - 1: field for n, field in fields.items() if n > starts + 1}
    with july():
        upload = own_upload(call, cast, [head, *rows])
        batch = matched(upload, cast, columns, mode="submitted")
    found = [(row, field, text) for row, field, text in findings_said(batch)]
    assert batch.status == "failed" and [(row, field) for row, field, _ in found] == [
        (2, "starts_on"),
        (3, "starts_on"),
    ]
    assert "看不出" in found[1][2]


def test_what_cannot_be_read_stays_blank_and_is_named(call: Call, cast: Cast) -> None:
    broken = '<c r="E2" t="e"><v>#REF!</v></c>'
    cells = text_cell("B2", "applicant") + text_cell("D2", "园区【演示】") + broken
    head = text_cell("B1", "申报人") + text_cell("D1", "项目名称") + text_cell("E1", "预算")
    rows = f'<row r="1">{head}</row><row r="2">{cells}</row>'
    data = raw_xlsx(rows, sheets=(("汇总", "visible"),))
    with july():
        upload = own_upload(call, cast, [], data=data)
        columns = {2: "owner_id", 4: "title", 5: "budget_total"}
        batch = matched(upload, cast, columns)
        assert (batch.status, batch.faulty_count) == ("ready", 1)
        assert bulk_import_service.confirm_import(batch, cast.office, lenient=True) == 1
        db.session.commit()
    (draft,) = made()
    assert (draft.budget_fen, draft.invalid_input) == (None, {})
    texts = [notice.text for notice in db.session.scalars(select(Notice))]
    assert any("这几项没有读成，请对照来件补填：预算" in text for text in texts)


def test_a_unit_that_is_not_invited_is_no_fault_to_put_right(call: Call, cast: Cast) -> None:
    call.applicant_side = "bank"
    audit.record("call.edit", call)
    db.session.commit()
    with july():
        batch = matched(own(call, cast), cast, COLUMNS)
    assert batch.status == "failed" and row_results(batch)[0].barred


def test_submitted_rows_come_in_all_or_none(call: Call, cast: Cast) -> None:
    head, good = grid([good_row()])
    pairs = zip(head, good, strict=True)
    bad = ["" if name.rstrip("*") == "项目名称" else text for name, text in pairs]
    columns = {n: found.field for n, found in enumerate(template_columns(), start=1)}
    with july():
        upload = own_upload(call, cast, [head, good, bad])
        batch = matched(upload, cast, columns, mode="submitted")
    assert batch.status == "failed" and made() == []


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
        assert (batch.status, findings_said(batch)) == ("ready", [])
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
        *("", *HEAD[1:-1]),
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
    known = queries_columns.remembered(bulk_import_service.TARGET, unit)
    assert known and "" not in known  # a column without a heading is known by nothing


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
    ((number, field, message),) = findings_said(both)
    assert (number, field) == (4, "owner_id") and "对应2个申报人" in message
    assert made()[0].owner_id == cast.applicant
