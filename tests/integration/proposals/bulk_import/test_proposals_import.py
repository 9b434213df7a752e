"""Proposals that came by mail: nothing is imported unless every cell is right, and then once."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from werkzeug.datastructures import FileStorage

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.canonical import fingerprint
from lab.db import transition
from lab.extensions import db
from lab.files.workbooks.reading import bounded_copy, read_workbook
from lab.identity.people import service as identity
from lab.inbox.models.notices import Notice
from lab.jobs.models import Job
from lab.proposals.bulk_import import queries as bulk_import_queries
from lab.proposals.bulk_import import service as bulk_import_service
from lab.proposals.bulk_import import service_check as bulk_import_check
from lab.proposals.bulk_import.workbook.results import row_results, stored_table
from lab.proposals.core.content import content
from lab.proposals.core.content import versions as core_versions
from lab.proposals.models.imports import ImportedProposal, ProposalImport
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.search import indexing
from lab.proposals.submission import service as submission_service
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.workflow import TransitionRejected
from tests.support.builders import calls, proposals
from tests.support.builders.workbooks import (
    checked,
    csv_text,
    good_row,
    grid,
    july_call,
    sent,
    xlsx,
)
from tests.support.cast import Cast, person
from tests.support.concurrency import at_once

NOW = datetime(2022, 7, 10, 2, tzinfo=UTC)


def said(sheet: ProposalImport) -> list[tuple[int, str, str]]:
    """Row, label and sentence of everything found."""
    rows = row_results(sheet)
    return [(row.row, found.label, found.message) for row in rows for found in row.findings]


def made() -> int:
    return db.session.scalar(select(func.count()).select_from(Proposal)) or 0


def test_a_good_sheet_becomes_submitted_proposals(both_ctx: Flask, both_cast: Cast) -> None:
    call = july_call(both_cast)
    with clock.freeze(NOW):
        rows = [good_row(1), good_row(2, joint_unit_id="", people="", avoided="")]
        sheet = checked(call, both_cast, *rows)
        assert (sheet.status, said(sheet), made()) == ("ready", [], 0)
        assert bulk_import_service.confirm_import(sheet, both_cast.office) == 2
        db.session.commit()
    first, second = db.session.scalars(select(Proposal).order_by(Proposal.number))
    assert (first.number, second.number) == ("SB-2022-01-001", "SB-2022-01-002")
    assert (first.status, first.submitted_at, first.pledged_at) == ("submitted", NOW, NOW)
    assert (first.owner_id, first.leader_id) == (both_cast.applicant, both_cast.leader)
    assert (first.side, second.side) == ("joint", "post")
    assert first.budget_fen == 12_000_050
    assert [row.due_on for row in first.milestones] == [date(2022, 9, 30), date(2022, 11, 30)]
    assert [(row.indicator, row.target) for row in first.targets] == [("K01", 20000), ("K06", 30)]
    assert [row.person_id for row in first.people] == [both_cast.member]
    assert [row.reason for row in first.avoided] == ["曾经共事"]
    indexed = db.session.scalars(select(Job.arguments).where(Job.kind == indexing.IMPORTED)).all()
    assert indexed == [{"import": sheet.id}]  # they are found by search


def test_the_first_version_is_frozen_as_by_a_submission(both_ctx: Flask, both_cast: Cast) -> None:
    call = july_call(both_cast)
    with clock.freeze(NOW):
        sheet = checked(call, both_cast, good_row())
        bulk_import_service.confirm_import(sheet, both_cast.office)
        db.session.commit()
        imported = db.session.scalars(select(Proposal)).one()
        version = db.session.scalars(select(ProposalVersion)).one()
        assert version.number == 1
        assert version.fingerprint == fingerprint(
            content.reviewer_content(content.load_content(imported))
        )
        again = core_versions.frozen_version(content.load_content(imported), both_cast.office, NOW)
        assert (again.content, again.private) == (version.content, version.private)
        proposals.check(
            imported, both_cast, "returned", due_on=date(2022, 7, 20), reopened=["risks"]
        )
        # The paper confirmed it; now somebody of the partner unit has to, and may be chosen.
        drafts.save_draft(drafts.SaveDraft(imported, None, {"partner_id": both_cast.partner}))
        db.session.commit()
        proposals.confirm(imported)
        submission_service.submit(imported, both_cast.applicant, pledged=True)
        db.session.commit()
    assert core_versions.latest_version(imported.id) == 2


def test_an_import_is_one_audit_line_and_notifies_everybody(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = july_call(both_cast)
    with clock.freeze(NOW):
        rows = [good_row(1), good_row(2, leader_id="member", people="leader|对接")]
        sheet = checked(call, both_cast, *rows)
        before = db.session.scalar(select(func.count()).select_from(AuditEvent)) or 0
        db.session.rollback()
        bulk_import_service.confirm_import(sheet, both_cast.office)
        db.session.commit()
    lines = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()[before:]
    assert [line.action for line in lines] == ["import.confirm"]
    assert json.loads(lines[0].detail)["numbers"] == "SB-2022-01-001至SB-2022-01-002"
    notices = {n.person_id: n.text for n in db.session.scalars(select(Notice)) if "导入" in n.text}
    assert set(notices) == {
        *(both_cast.applicant, both_cast.leader, both_cast.member, both_cast.office2)
    }
    assert notices[both_cast.applicant].startswith("您的2件申报书")
    assert "SB-2022-01-002" in notices[both_cast.member]


def test_the_origin_of_a_proposal_is_stored(ctx: Flask, cast: Cast) -> None:
    call = july_call(cast)
    with clock.freeze(NOW):
        sheet = checked(call, cast, good_row())
        bulk_import_service.confirm_import(sheet, cast.office)
        db.session.commit()
    imported = db.session.scalars(select(Proposal)).one()
    origin = bulk_import_queries.origin_of(imported.id)
    assert origin is not None
    assert (origin.received_on, origin.row, origin.imported_by) == (date(2022, 7, 5), 2, "经办甲")


FAULTS = [
    ("title", "长" * 51, "最多50个字符，现有51个，请删去1个。"),
    ("title", "", "尚未填写。"),
    ("ends_on", "2022-11-31", "没有“2022-11-31”这一天，请检查日期。"),
    ("ends_on", "2022-07-01", "计划结束日期不能早于开始日期。"),
    ("unit_id", "某某支行", "没有找到单位“某某支行”，请按模板中“选项”表所列的名称填写。"),
    ("joint_unit_id", "邮政东城分公司", "联合申报单位不能与申报单位相同。"),
    ("project_type", "商超", "没有找到选项“商超”，请按模板中“选项”表所列的名称填写。"),
    ("leader_phone", "电话", None),
    ("leader_id", "", "尚未选择。"),
    ("people", "member|一|二|三", "第1行有4段，应为3段。"),
    ("people", "王五|一|某公司\n王五|二|某公司", "第2行“成员”：与第1行相同，请删去一行。"),
    ("people", "member|一\nmember|二", "第2行“成员”：与第1行相同，请删去一行。"),
    ("people", "nobody|一", "第1行“成员”：没有找到人员“nobody”，请写登录名或“姓名（单位）”。"),
    (
        "avoided",
        "赵六|熟人",
        "第1行“单位”：请填写单位。",
    ),
    ("milestones", "只有一项|2022-09-30", "至少填写2项，现有1项。"),
    ("milestones", "甲|2023-01-31\n乙|2022-09-30", "第1项的完成日期应在计划起止日期之内。"),
    ("milestones", "\n".join(["甲|2022-09-30"] * 21), "最多20行，现有21行。"),
    ("targets", "开立个人钱包数|100|20|2022-12-31", None),
    ("budget", "宣传物料|12.345", "第1行“金额”：小数点后最多2位。"),
    ("smart_contract", "也许", None),
    ("smart_contract", "是", None),
    ("background", "坏\x01字", "“坏�字”中标“�”的是看不见的控制字符，请改成正确的字或删去。"),
    ("owner_id", "reviewer", "没有找到申报人“reviewer”，请写登录名或“姓名（单位）”。"),
    ("received_on", "2022-06-30", "应在2022年7月1日到2022年7月10日之间。"),
    ("received_on", "2022-07-11", "应在2022年7月1日到2022年7月10日之间。"),
    ("pledge", "否", "应填“是”：来件附有签署的诚信承诺才能导入。"),
]


def test_each_faulty_cell_gets_its_message(ctx: Flask, cast: Cast) -> None:
    call = july_call(cast)
    with clock.freeze(NOW):
        rows = [good_row(n, **{field: text}) for n, (field, text, _) in enumerate(FAULTS)]
        sheet = sent(call, cast, csv_text(grid(rows)).encode(), "来件.csv")
    assert sheet.status == "failed"
    found = [row.errors for row in row_results(sheet)]
    for errors, (field, text, sentence) in zip(found, FAULTS, strict=True):
        wanted = "smart_contract_text" if text == "是" else field
        assert [error.field for error in errors] == [wanted], (field, text, errors)
        assert sentence is None or errors[0].message == sentence
    assert sheet.faulty_count == len(FAULTS)
    with pytest.raises(TransitionRejected):
        bulk_import_service.confirm_import(sheet, cast.office)
    assert made() == 0


def test_warnings_do_not_stop_the_import(ctx: Flask, cast: Cast) -> None:
    call = july_call(cast)
    with clock.freeze(NOW):
        proposals.submitted_proposal(cast, call, title="老项目【演示】")
        proposals.filled_draft(cast, call, title="别人的草稿【演示】")
        titles = ("老项目【演示】", "新项目【演示】", "新项目【演示】", "别人的草稿【演示】")
        sheet = checked(call, cast, *[good_row(title=title) for title in titles])
    assert sheet.status == "ready"
    assert said(sheet) == [
        (2, "项目名称", "与已提交的SB-2022-01-001同名。"),
        (4, "项目名称", "申报单位和项目名称与第3行相同。"),
    ]


def test_rows_are_checked_again_before_they_are_imported(both_ctx: Flask, both_cast: Cast) -> None:
    call = july_call(both_cast)
    with clock.freeze(NOW):
        sheet = checked(call, both_cast, good_row(1), good_row(2, people="stranger|对接"))
        identity.disable(person(both_cast.stranger))
        db.session.commit()
        assert bulk_import_service.confirm_import(sheet, both_cast.office) == 0
        db.session.commit()
    assert (sheet.status, made()) == ("failed", 0)
    assert [(row, label) for row, label, _ in said(sheet)] == [(3, "项目组成员")]


def test_fifty_confirmations_at_once_import_once(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context(), clock.freeze(NOW):
        sheet = checked(july_call(both_cast), both_cast, good_row(1), good_row(2))
        key = sheet.key
        db.session.remove()

        def confirm(_number: int) -> int:
            mine = db.session.scalars(select(ProposalImport).where(ProposalImport.key == key)).one()
            try:
                count = bulk_import_service.confirm_import(mine, both_cast.office)
                db.session.commit()
            except TransitionRejected:
                db.session.rollback()
                return 0
            return count

        assert sorted(at_once(both_app, 50, confirm))[-2:] == [0, 2]
        assert made() == 2


def test_the_same_file_is_imported_once(both_ctx: Flask, both_cast: Cast) -> None:
    call = july_call(both_cast)
    with clock.freeze(NOW):
        data = xlsx(grid([good_row()]))
        first, second = (sent(call, both_cast, data) for _ in range(2))
        bulk_import_service.confirm_import(first, both_cast.office)
        db.session.commit()
        with pytest.raises(Rejected, match="已经导入过"):
            bulk_import_service.confirm_import(second, both_cast.office)
        db.session.rollback()
        with pytest.raises(Rejected, match="已经导入过"):
            sent(call, both_cast, data)
        db.session.rollback()
    assert made() == 1


def test_imports_are_accepted_until_review_opens(ctx: Flask, cast: Cast) -> None:
    call = july_call(cast)
    with clock.freeze(NOW):
        early = checked(call, cast, good_row(1))
        calls.close(call)
        late = checked(call, cast, good_row(2, received_on="2022-07-10"))
        assert bulk_import_service.confirm_import(late, cast.office) == 1
        db.session.commit()
        transition(
            call, "open_review", rules_frozen="{}", rules_fingerprint="0", review_opened_at=NOW
        )
        audit.record("call.open_review", call)
        db.session.commit()
        with pytest.raises(Rejected, match="已进入评审"):
            bulk_import_service.confirm_import(early, cast.office)
        with pytest.raises(Rejected, match="已进入评审"):
            checked(call, cast, good_row(3))


def test_giving_up_leaves_nothing_to_import(ctx: Flask, cast: Cast) -> None:
    call = july_call(cast)
    with clock.freeze(NOW):
        sheet = checked(call, cast, good_row())
        bulk_import_check.KIND.abandon(sheet)
        db.session.commit()
        with pytest.raises(TransitionRejected):
            bulk_import_service.confirm_import(sheet, cast.office)
    assert made() == 0


def test_the_dry_run_may_be_run_again_after_a_crash(ctx: Flask, cast: Cast) -> None:
    with clock.freeze(NOW):
        sheet = checked(july_call(cast), cast, good_row())
        before = (sheet.version, sheet.checked_at)
        bulk_import_check.KIND.run_dry_check({"import": sheet.key})
        db.session.refresh(sheet)
    assert (sheet.version, sheet.checked_at) == before


def test_the_number_of_queries_does_not_grow_with_the_rows(ctx: Flask, cast: Cast) -> None:
    call, counted = july_call(cast), []
    with clock.freeze(NOW):
        for count in (1, 20):
            rows = [good_row(n, title=f"第{count}批{n}【演示】") for n in range(count)]
            sheet = checked(call, cast, *rows)
            statements: list[str] = []
            note = lambda *args, into=statements: into.append(args[2])  # noqa: E731
            event.listen(db.engine, "before_cursor_execute", note)
            bulk_import_service.confirm_import(sheet, cast.office)
            db.session.commit()
            event.remove(db.engine, "before_cursor_execute", note)
            counted.append(len(statements))
    assert counted[0] == counted[1] <= 45


# -- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_files_of_every_usual_encoding_are_read(ctx: Flask, cast: Cast, encoding: str) -> None:
    with clock.freeze(NOW):
        text = csv_text(grid([good_row(background="价格—人民币")]))
        sheet = sent(july_call(cast), cast, text.encode(encoding), "来件.csv")
    assert (sheet.status, sheet.failure) == ("ready", "")


def test_real_dates_and_numbers_of_a_workbook_are_read_as_typed(ctx: Flask, cast: Cast) -> None:
    lines: list[list[Any]] = grid([good_row()])
    place = lines[0].index("预算")
    lines[1][place] = 0.1 + 0.2
    with clock.freeze(NOW):
        sheet = sent(july_call(cast), cast, xlsx(lines))
    table = stored_table(sheet)
    assert table.rows[0][1][place] == "0.3"


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"no zip", "a.xlsx", "已损坏"),
        (xlsx([["项目名称"], ["甲"]]), "a.xlsx", "缺少列"),
        (b'"a', "a.csv", "引号或分隔符不完整"),
        ("项目名称,备注\n甲,乙\n".encode(), "a.csv", "不认识的列：“备注”。"),
    ],
)
def test_a_file_without_the_sheet_fails_with_a_message(
    ctx: Flask, cast: Cast, data: bytes, name: str, sentence: str
) -> None:
    with clock.freeze(NOW):
        sheet = sent(july_call(cast), cast, data, name)
    assert sheet.status == "failed" and sentence in sheet.failure


def _archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"xl/workbook.xml": b"<x/>", **members}.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_archives_that_unpack_to_too_much_are_refused() -> None:
    for bomb in (_archive(a=b"0" * 60_000_000), _archive(**{str(n): b"" for n in range(2001)})):
        with pytest.raises(Rejected, match="展开后过大"):
            bounded_copy(bomb)


def test_an_archive_with_a_false_size_is_cut_to_it() -> None:
    """The reader gets a copy of the counted bytes, so what is hidden never reaches it."""
    honest = _archive(a=b"0" * 1_000_000)
    size = (1_000_000).to_bytes(4, "little")
    lying = honest.replace(size, (10).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(Rejected):
        bounded_copy(lying)


def test_two_cells_far_apart_do_not_fill_the_memory() -> None:
    out = io.BytesIO()
    plain = xlsx([["x"]])
    cell = b'<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
    far = b'<row r="1048576">' + cell + b"</row></sheetData>"
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            data = source.read(info).replace(b"</sheetData>", far)
            target.writestr(info.filename, data)
    with pytest.raises(Rejected, match="单元格XFD1048576有内容"):
        read_workbook(out.getvalue(), "填写", extension="xlsx")


def test_an_imported_proposal_names_its_row(ctx: Flask, cast: Cast) -> None:
    with clock.freeze(NOW):
        sheet = checked(july_call(cast), cast, *[good_row(n) for n in range(3)])
        bulk_import_service.confirm_import(sheet, cast.office)
        db.session.commit()
    rows = db.session.execute(select(ImportedProposal.row, Proposal.title).join(Proposal))
    assert {row: title for row, title in rows} == {n + 2: f"批量申报{n}【演示】" for n in range(3)}


def test_a_second_upload_waits_for_its_own_check(ctx: Flask, cast: Cast) -> None:
    call = july_call(cast)
    with clock.freeze(NOW):
        upload = FileStorage(io.BytesIO(xlsx(grid([good_row()]))), "来件.xlsx")
        sheet = bulk_import_service.begin_import(call, upload, cast.office)
        db.session.commit()
        with pytest.raises(TransitionRejected):
            bulk_import_service.confirm_import(sheet, cast.office)
