"""Lists as files: XLSX and CSV, written row by row, sent while they are written.

    columns = [Column("title", "项目名称", width=30), Column("budget_fen", "预算（元）", width=14)]
    return send_workbook("xlsx", "申报书", columns, lambda: rows)

A text longer than a cell may hold is never cut silently: in XLSX its rest stands on the worksheet
续文, and the cell says so. CSV holds every text whole.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import quote

import xlsxwriter
from flask import Response, stream_with_context

from lab.clock import beijing
from lab.web.columns import Column
from lab.web.downloads import safe_name
from lab.web.request.headers import FILE_POLICY
from lab.web.spreadsheets.cells import (
    CELL_LIMIT,
    FIRST_YEAR,
    Cell,
    cell_text,
    fits_in_cell,
    guard_formula,
    is_figure,
    split_for_cells,
)

MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
OTHER_MIME = "application/octet-stream"  # older workbooks: stored, never shown
KINDS = {"xlsx": "Excel（XLSX）", "csv": "CSV"}
OVERFLOW_WORKSHEET = "续文"
# No text is ever taken for a formula, an address or a number.
PLAIN_TEXT_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CHUNK = 1 << 16
Row = Sequence[Cell]


def csv_parts(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Iterate over the parts of a CSV file in UTF-8 with byte order mark and CRLF, one row each."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield "\ufeff".encode()
    for row in chain([[column.label for column in columns]], rows):
        writer.writerow([guard_formula(cell_text(value)) for value in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


class Worksheet:
    """A worksheet written from top to bottom in constant memory."""

    def __init__(self, book: Any, name: str, columns: Sequence[Column]) -> None:
        self.book, self.name, self.columns = book, name, columns
        self.worksheet = book.add_worksheet(name)
        self.rest: Any = None
        self.row = self.rest_row = 0
        self.formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
        }
        self.numbers = [
            book.add_format({"num_format": column.number_format, "valign": "top"})
            for column in columns
        ]
        for column_index, column in enumerate(columns):
            self.worksheet.set_column(column_index, column_index, column.width)
        self.worksheet.freeze_panes(1, 0)
        for column_index, column in enumerate(columns):
            self.worksheet.write_string(0, column_index, column.label, self.formats["head"])

    def add(self, row: Row) -> None:
        """Write the next row."""
        self.row += 1
        for column_index, value in enumerate(row):
            self._write(column_index, value)

    def _write(self, column_index: int, value: Cell) -> None:
        worksheet, at = self.worksheet, (self.row, column_index)
        if value is None or value == "":
            return
        if is_figure(value):
            worksheet.write_number(*at, value, self.numbers[column_index])
        elif isinstance(value, datetime) and value.year >= FIRST_YEAR:
            worksheet.write_datetime(*at, beijing(value).replace(tzinfo=None), self.formats["time"])
        elif isinstance(value, date) and value.year >= FIRST_YEAR:
            worksheet.write_datetime(*at, value, self.formats["day"])
        else:
            self._write_text(column_index, cell_text(value))

    def _write_text(self, column_index: int, text: str) -> None:
        if not fits_in_cell(text):
            text = self._put_rest(column_index, text)
        self.worksheet.write_string(self.row, column_index, text, self.formats["text"])

    def _put_rest(self, column_index: int, text: str) -> str:
        """Write the overflow to its own worksheet; return what stays in the cell."""
        if self.rest is None:
            self.rest = self.book.add_worksheet(OVERFLOW_WORKSHEET)
            for column, label in enumerate(("行", "栏目", "内容")):
                self.rest.write_string(0, column, label, self.formats["head"])
        mark = f"……（未完，其余见“{OVERFLOW_WORKSHEET}”表第{self.rest_row + 2}行起）"
        first = next(split_for_cells(text, CELL_LIMIT - len(mark)))
        for piece in split_for_cells(text[len(first) :]):
            self.rest_row += 1
            self.rest.write_number(self.rest_row, 0, self.row + 1)
            self.rest.write_string(self.rest_row, 1, self.columns[column_index].label)
            self.rest.write_string(self.rest_row, 2, piece, self.formats["text"])
        return first + mark


def write_xlsx(out: IO[bytes], name: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write a workbook with one worksheet; memory does not grow with the rows."""
    # Closed on failure too: the library keeps the rows in a file of its own until then.
    with xlsxwriter.Workbook(out, {**PLAIN_TEXT_OPTIONS, "constant_memory": True}) as book:
        worksheet = Worksheet(book, name, columns)
        for row in rows:
            worksheet.add(row)


def xlsx_parts(name: str, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Iterate over the parts of the workbook.

    Starting once it is complete, so that none is half a file.
    """
    with TemporaryFile() as file:
        write_xlsx(file, name, columns, rows)
        file.seek(0)
        while part := file.read(CHUNK):
            yield part


def send_workbook(
    kind: str, name: str, columns: Sequence[Column], rows: Callable[[], Iterable[Row]]
) -> Response:
    """Answer with a list as a file of a kind in KINDS, called `name` without extension.

    `rows` is called while the response is sent, after the request's transaction was committed: it
    reads in a transaction of its own (`lab.db.reading`) and blocks no writer.
    """

    def parts() -> Iterator[bytes]:
        if kind == "csv":
            yield from csv_parts(columns, rows())
        else:
            yield from xlsx_parts(name, columns, rows())

    return send_parts(parts(), f"{name}.{kind}", MIME[kind])


def send_parts(parts: Iterator[bytes], name: str, mimetype: str) -> Response:
    """Answer with a file that is generated while it is sent, after the request's commit."""
    response = Response(stream_with_context(parts), content_type=mimetype)
    response.headers["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(safe_name(name), safe='')}"
    )
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
