"""Cells of exported sheets: no formula starts, nothing is lost, and every file opens."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from lab.web.columns import Column
from lab.web.spreadsheets.cells import (
    CELL_LIMIT,
    cell_text,
    fits_in_cell,
    guard_formula,
    is_figure,
    split_for_cells,
    strip_formula_guard,
)
from lab.web.spreadsheets.writing import OVERFLOW_WORKSHEET, csv_parts, write_xlsx
from tests.support.corpus.cases import CASES

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "'=1", "''=1", "-", "+"]


@pytest.mark.parametrize("text", [*FORMULAS, "-5", "'-5", "-5.20", "'", "'x", "甲", "", "5"])
def test_what_is_guarded_is_given_back(text: str) -> None:
    assert strip_formula_guard(guard_formula(text)) == text


def test_formulas_are_guarded_and_numbers_stay_numbers() -> None:
    assert [guard_formula(text) for text in FORMULAS] == [f"'{text}" for text in FORMULAS]
    assert [guard_formula(text) for text in ("-5", "-5.2", "5", "甲=乙")] == [
        "-5",
        "-5.2",
        "5",
        "甲=乙",
    ]


def test_values_are_written_as_people_read_them() -> None:
    moment = datetime(2022, 7, 1, 1, 5, tzinfo=UTC)
    values = [None, True, date(2022, 7, 1), moment, Decimal("12.50"), 7, "甲\x01乙"]
    said = ["", "是", "2022-07-01", "2022-07-01 09:05", "12.5", "7", "甲\ufffd乙"]
    assert [cell_text(value) for value in values] == said


def test_a_number_too_long_for_a_spreadsheet_is_text() -> None:
    assert is_figure(10**14) and is_figure(Decimal("-5.25"))
    assert not is_figure(10**15) and not is_figure(True) and not is_figure("5")


def test_a_long_text_is_split_without_losing_a_character() -> None:
    text = "😀甲" * CELL_LIMIT
    parts = list(split_for_cells(text))
    assert "".join(parts) == text
    assert all(fits_in_cell(part) for part in parts) and not fits_in_cell(text)


def workbook(columns: list[Column], rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, "列表", columns, rows)
    return out.getvalue()


def test_both_readers_find_in_a_workbook_what_was_written() -> None:
    texts = sorted({cell_text(case.text) for case in CASES if len(case.text) < 9000} - {""})
    data = workbook(
        [Column("text", "文字"), Column("number", "数")],
        [[text, Decimal("-5")] for text in texts],
    )
    found = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in found[1:]] == texts
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    kinds = [(row[0].data_type, row[0].hyperlink, row[1].value) for row in sheet.iter_rows(2)]
    assert set(kinds) == {("s", None, -5)}


def test_a_csv_file_gives_back_every_text() -> None:
    texts = sorted({cell_text(case.text) for case in CASES if len(case.text) < 100_000})
    data = b"".join(
        csv_parts([Column("text", "文字"), Column("number", "数")], [[text, -5] for text in texts])
    )
    assert data.startswith(b"\xef\xbb\xbf") and b"\r\n" in data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1:]
    assert [strip_formula_guard(row[0]) for row in rows] == texts
    assert {row[1] for row in rows} == {"-5"}
    assert not [row for row in rows if row[0][:1] in "=+@\t\r" and row[0]]


def test_overlong_text_continues_on_a_sheet_of_its_own() -> None:
    text = "".join(chr(0x4E00 + n % 5000) for n in range(2 * CELL_LIMIT + 100))
    book = openpyxl.load_workbook(io.BytesIO(workbook([Column("text", "正文")], [["短"], [text]])))
    cell = book["列表"]["A3"].value
    assert (
        cell.endswith(f"……（未完，其余见“{OVERFLOW_WORKSHEET}”表第2行起）")
        and len(cell) <= CELL_LIMIT
    )
    rest = [row for row in book[OVERFLOW_WORKSHEET].iter_rows(2, values_only=True)]
    assert {row[:2] for row in rest} == {(3, "正文")}
    assert cell.partition("……（未完")[0] + "".join(str(row[2]) for row in rest) == text
