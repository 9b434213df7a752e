"""Texts of the corpus go into a proposal by a sheet, out by an export, and in again, unchanged."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import cycle, islice

import pytest
from flask import Flask
from sqlalchemy import select

from lab import clock
from lab.calls.models.call import Call
from lab.extensions import db
from lab.files.rules.sheet import plain_sheet, reading_problem
from lab.files.workbooks.reading import read_workbook
from lab.importing.rules.worksheets import read_table
from lab.policy import Actor
from lab.proposals.bulk_import import service as bulk_import_service
from lab.proposals.bulk_import import service_check as bulk_import_check
from lab.proposals.bulk_import.workbook.columns import template_columns
from lab.proposals.bulk_import.workbook.results import stored_table
from lab.proposals.bulk_import.workbook.validation import CheckedRow
from lab.proposals.export.columns import all_columns
from lab.proposals.export.queries import export_rows
from lab.proposals.rules.bulk_import.parsing import join_parts
from lab.web.spreadsheets.writing import csv_parts, xlsx_parts
from tests.support.builders.calls import open_call
from tests.support.builders.workbooks import good_row, grid, label, sent, xlsx
from tests.support.cast import Cast
from tests.support.corpus.fuzz import packed
from tests.support.corpus.records import lines

LONG = {
    column.field: column.limit or 0 for column in template_columns() if (column.limit or 0) > 100
}
SHORT = {"title": 50, "place": 100, "leader_duty": 40}
TAKEN = [column.field for column in template_columns() if column.field in all_columns()]
ROWS = 120


def corpus_rows() -> list[dict[str, str]]:
    """Rows in which every text of the corpus that a field may hold stands somewhere."""
    texts = {
        **{name: [case.text for case in packed(limit)] for name, limit in LONG.items()},
        **{name: [text for text in lines(limit) if text] for name, limit in SHORT.items()},
    }
    assert max(map(len, texts.values())) <= ROWS
    names = [text for text in lines(60) if text]
    rows = []
    for number in range(ROWS):
        own = {name: list(islice(cycle(found), ROWS))[number] for name, found in texts.items()}
        name = names[number % len(names)]
        own["milestones"] = f"{join_parts([name, '2022-09-30'])}\n上线|2022-11-30"
        own["people"] = join_parts(["member", name])
        rows.append(good_row(number, smart_contract="是", **own))
    return rows


def checked_again(call: Call, data: bytes, extension: str) -> list[CheckedRow]:
    """The dry run of an exported file; who vouches for the pledge adds its column."""
    sheet = read_workbook(data, "导出", extension=extension)
    assert reading_problem(sheet) == ""
    head, *rest = sheet.rows
    cells = [[*head, label("pledge")], *([*row, "是"] for row in rest)]
    labels = {column.field: column.label for column in template_columns()}
    table = read_table(
        plain_sheet(cells), labels, [column.field for column in template_columns() if column.needed]
    )
    assert table.problems == ()
    return list(bulk_import_check.check_table(call, table).checked)


@pytest.fixture
def imported(ctx: Flask, cast: Cast) -> tuple[Call, list[CheckedRow], Actor]:
    """Everything in the database, and what the first dry run made of it."""
    with clock.freeze(datetime(2022, 7, 1, 2, tzinfo=UTC)):
        call = open_call(cast)
    with clock.freeze(datetime(2022, 7, 10, 2, tzinfo=UTC)):
        sheet = sent(call, cast, xlsx(grid(corpus_rows())))
        assert sheet.status == "ready", sheet.result
        first = bulk_import_check.check_table(call, stored_table(sheet)).checked
        assert bulk_import_service.confirm_import(sheet, cast.office) == ROWS
        db.session.commit()
    return db.session.scalars(select(Call)).one(), list(first), Actor(cast.office, OFFICE, None)


OFFICE = frozenset({"office"})


def exported(actor: Actor, kind: str) -> bytes:
    heads = [all_columns()[field] for field in TAKEN]
    rows = export_rows(actor, {}, TAKEN, drafts=False)
    return b"".join(csv_parts(heads, rows) if kind == "csv" else xlsx_parts("导出", heads, rows))


def test_what_was_imported_is_exported_and_read_again_as_it_was(
    imported: tuple[Call, list[CheckedRow], Actor],
) -> None:
    call, first, actor = imported
    for kind in ("csv", "xlsx"):
        with clock.freeze(datetime(2022, 7, 10, 2, tzinfo=UTC)):
            again = checked_again(call, exported(actor, kind), kind)
        assert [row.errors for row in again] == [[]] * ROWS
        # The list shows the newest first.
        assert [row.values for row in reversed(again)] == [row.values for row in first]
        assert [row.evidence for row in reversed(again)] == [row.evidence for row in first]
