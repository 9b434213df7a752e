"""A workbook is imported as it shows itself: nothing unread, nothing unseen, nothing silently."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from lab import clock
from lab.calls.models.call import Call
from lab.extensions import db
from lab.proposals.bulk_import import service as bulk_import_service
from lab.proposals.bulk_import.workbook.annotated import annotated_workbook
from lab.proposals.bulk_import.workbook.results import row_results, stored_table
from lab.proposals.models.imports import ImportedProposal
from lab.proposals.models.proposal import Proposal
from lab.rejected import Rejected
from tests.support.builders.workbooks import (
    findings_said,
    good_row,
    grid,
    july_call,
    label,
    sent,
    xlsx,
)
from tests.support.cast import Cast

pytestmark = pytest.mark.usefixtures("workbooks_here")

NOW = datetime(2022, 7, 10, 2, tzinfo=UTC)
HEAD = grid([])[0]


@pytest.fixture
def call(ctx: Flask, cast: Cast) -> Call:
    return july_call(cast)


def column(field: str) -> int:
    """The column of a field in the template, from 1."""
    return next(n for n, text in enumerate(HEAD, start=1) if text.rstrip("*") == label(field))


def spoilt(change: Callable[[Any], None], rows: int = 1) -> bytes:
    """A good workbook after a change made in a spreadsheet program."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx(grid([good_row(n) for n in range(rows)]))))
    change(book["填写"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(field: str, value: object, number_format: str = "General", row: int = 2) -> Any:
    def change(page: Any) -> None:
        cell = page.cell(row, column(field), value)
        cell.number_format = number_format

    return change


def test_a_formula_never_calculated_is_blamed_once(call: Call, cast: Cast) -> None:
    with clock.freeze(NOW):
        batch = sent(call, cast, spoilt(put("title", "=B1&C1")))
    assert batch.status == "failed"
    ((row, field, message),) = findings_said(batch)
    assert (row, field) == (2, "title") and message.startswith("公式没有计算结果")


@pytest.mark.parametrize(
    ("field", "value", "number_format", "read"),
    [
        ("leader_phone", 1012345678, "00000000000", "01012345678"),
        ("linkage", 0.35, "0%", "35%"),
        ("ends_on", datetime(2022, 12, 31), "yyyy-mm-dd", "2022-12-31"),
        ("ends_on", datetime(2022, 12, 31), 'm"月"d"日"', "2022-12-31"),
        ("plan", 7, "000", "007"),
    ],
)
def test_the_content_is_what_the_sheet_shows(
    call: Call, cast: Cast, field: str, value: object, number_format: str, read: str
) -> None:
    with clock.freeze(NOW):
        batch = sent(call, cast, spoilt(put(field, value, number_format)))
    assert batch.status == "ready"
    table = stored_table(batch)
    assert dict(zip(table.fields, table.rows[0][1], strict=True))[field] == read


def test_a_hidden_time_is_a_remark_and_the_day_is_taken(call: Call, cast: Cast) -> None:
    with clock.freeze(NOW):
        moment = datetime(2022, 12, 20, 8, 30)
        batch = sent(call, cast, spoilt(put("ends_on", moment, "yyyy-mm-dd")))
        assert findings_said(batch) == [
            (2, "ends_on", "按2022年12月20日读取；单元格里还存有没显示的时间08:30。")
        ]
        assert bulk_import_service.confirm_import(batch, cast.office) == 1


def test_a_warning_hides_no_error_of_the_same_cell(call: Call, cast: Cast) -> None:
    late = spoilt(put("received_on", datetime(2022, 12, 20, 8, 30), "yyyy/m/d"))
    with clock.freeze(NOW):
        batch = sent(call, cast, late)
    fields = [field for _, field, _ in findings_said(batch)]
    assert (batch.status, fields) == ("failed", ["received_on", "received_on"])
    assert (batch.faulty_count, batch.warned_count) == (1, 1)


def test_merged_units_are_taken_for_every_row_of_the_block(call: Call, cast: Cast) -> None:
    def merge(page: Any) -> None:
        place = column("unit_id")
        page.merge_cells(start_row=2, end_row=4, start_column=place, end_column=place)

    with clock.freeze(NOW):
        batch = sent(call, cast, spoilt(merge, rows=3))
        assert (batch.status, batch.warned_count) == ("ready", 2)
        assert bulk_import_service.confirm_import(batch, cast.office) == 3
    assert len(set(db.session.scalars(select(Proposal.unit_id)))) == 1


def test_worksheets_that_are_not_read_are_named(call: Call, cast: Cast) -> None:
    def add(page: Any) -> None:
        for name in ("说明", "填写（续）"):
            page.parent.create_sheet(name)["A1"] = "x"

    with clock.freeze(NOW):
        batch = sent(call, cast, spoilt(add))
    assert batch.status == "ready"
    assert stored_table(batch).remarks == ("没有读取的工作表：“填写（续）”。",)


def hide(*rows: int) -> Callable[[Any], None]:
    def change(page: Any) -> None:
        for row in rows:
            page.row_dimensions[row].hidden = True

    return change


def imported_rows() -> list[int]:
    return sorted(db.session.scalars(select(ImportedProposal.row)))


@pytest.mark.parametrize(("with_hidden", "rows"), [(False, [2, 4]), (True, [2, 3, 4])])
def test_hidden_rows_are_imported_only_when_asked_for(
    call: Call, cast: Cast, with_hidden: bool, rows: list[int]
) -> None:
    with clock.freeze(NOW):
        batch = sent(call, cast, spoilt(hide(3), rows=3))
        assert batch.status == "ready"
        with pytest.raises(Rejected, match="隐藏的行"):
            bulk_import_service.confirm_import(batch, cast.office)
        db.session.rollback()
        count = bulk_import_service.confirm_import(batch, cast.office, with_hidden=with_hidden)
        db.session.commit()
    assert (count, imported_rows(), batch.row_count) == (len(rows), rows, len(rows))
    remarks = stored_table(batch).remarks
    assert ("隐藏的第3行没有导入。" in remarks) is not with_hidden


def test_a_faulty_hidden_row_may_only_be_left_out(call: Call, cast: Cast) -> None:
    def change(page: Any) -> None:
        hide(3)(page)
        page.cell(3, column("title")).value = None

    with clock.freeze(NOW):
        batch = sent(call, cast, spoilt(change, rows=2))
        assert (batch.status, batch.faulty_count) == ("ready", 1)
        with pytest.raises(Rejected, match="隐藏的第3行有问题"):
            bulk_import_service.confirm_import(batch, cast.office, with_hidden=True)
        db.session.rollback()
        assert bulk_import_service.confirm_import(batch, cast.office, with_hidden=False) == 1


def test_a_sheet_of_hidden_rows_alone_is_refused(call: Call, cast: Cast) -> None:
    with clock.freeze(NOW):
        batch = sent(call, cast, spoilt(hide(2)))
    assert batch.status == "failed" and "所有的行都被隐藏了" in batch.failure
    assert db.session.scalar(select(func.count()).select_from(Proposal)) == 0


def test_the_marked_file_hides_what_was_hidden(call: Call, cast: Cast) -> None:
    with clock.freeze(NOW):
        batch = sent(call, cast, spoilt(hide(3), rows=2))
        data = annotated_workbook(stored_table(batch), row_results(batch))
        again = sent(call, cast, data)
    assert stored_table(again).hidden == {3}


def test_a_lossy_name_is_named_before_anything_is_made(call: Call, cast: Cast) -> None:
    with clock.freeze(NOW):
        rows = grid([good_row(title="????"), good_row(2, plan="分三??阶段")])
        batch = sent(call, cast, xlsx(rows))
    assert batch.status == "failed"
    assert [(row, field) for row, field, _ in findings_said(batch)] == [(2, "title"), (3, "plan")]


def test_a_text_field_takes_an_amount_with_its_currency(call: Call, cast: Cast) -> None:
    field = "leader_phone"
    with clock.freeze(NOW):
        data = spoilt(put(field, 1200, '"¥"#,##0'))
        table = stored_table(sent(call, cast, data))
    assert dict(zip(table.fields, table.rows[0][1], strict=True))[field] == "¥1,200"
