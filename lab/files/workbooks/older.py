"""Worksheets of older and other kinds (.xls, .et, .ods), read by calamine.

It gives values only. What the sheet hides or how it shows a number is not known, and said.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from lab.files.rules.number_formats import number_problem
from lab.files.rules.sheet import CellNote, Place, Sheet, plain_sheet, to_json
from lab.files.workbooks.choice import ListedSheet, chosen
from lab.files.workbooks.parts import NAME_LIMIT, UnreadableWorkbook
from lab.files.workbooks.shown import ERRORS, error_message
from lab.files.workbooks.worksheet import MAX_COLUMNS, MAX_ROWS, FarCell, far_cells_of

REMARK = (
    "这不是XLSX文件，看不出哪些行和列被隐藏、数字怎样显示、公式是否算过。"
    "请逐格核对，最好另存为XLSX后再上传。"
)
_LONG_NUMBER = 10**6


class Locked(Exception):
    """The workbook asks for a password."""


def read(data: bytes, wanted: str) -> dict[str, Any]:
    """Return what `process.read` returns, for a workbook of another kind.

    Raises Locked, FarCell, UnreadableWorkbook.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        listed = [
            ListedSheet(sheet.name[:NAME_LIMIT], sheet.visible != SheetVisibleEnum.Visible)
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]
        entry = chosen(listed, wanted)
        if entry is None:
            return {"worksheets": listed}
        worksheet = book.get_sheet_by_name(
            next(name for name in book.sheet_names if name[:NAME_LIMIT] == entry.name)
        )
        with far_cells_of(entry.name):
            first = worksheet.start[1] if worksheet.start else 0
            cells = _cells([""] * first + line for line in worksheet.iter_rows())
    except PasswordError as error:
        raise Locked from error
    except CalamineError as error:
        raise (Locked if "assword" in str(error) else UnreadableWorkbook)(str(error)) from error
    return {"worksheets": listed, "sheet": to_json(_sheet(entry.name, cells))}


def _cells(lines: Iterable[list[Any]]) -> list[list[Any]]:
    """Return the rows; blanks in a cell are no content, wherever it stands. Raises FarCell."""
    rows = []
    for number, line in enumerate(lines, start=1):
        filled = (at for at in range(len(line), 0, -1) if str(line[at - 1]).strip())
        last = next(filled, 0)
        if last > MAX_COLUMNS or (last and number > MAX_ROWS):
            raise FarCell(Place(number, last))
        rows += [line[:last]] if number <= MAX_ROWS else []
    return rows


def _sheet(name: str, cells: list[list[Any]]) -> Sheet:
    notes: list[CellNote] = []
    rows = [
        [_text(cell, Place(row, column), notes) for column, cell in enumerate(line, start=1)]
        for row, line in enumerate(cells, start=1)
    ]
    return Sheet(plain_sheet(rows).rows, name, tuple(notes), remarks=(REMARK,))


def _text(cell: Any, place: Place, notes: list[CellNote]) -> str:
    """Return a cell as somebody would type it."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, float):
        if problem := number_problem(cell):
            notes.append(CellNote(*place, problem, error=True))
            return ""
        # Fifteen digits are what a spreadsheet keeps and shows: 0.1 + 0.2 is 0.3 there.
        text = f"{Decimal(f'{cell:.15g}'):f}"
        if message := _dress_message(cell, text):
            notes.append(CellNote(*place, message, error=False))
        return text
    if cell in ERRORS:
        notes.append(CellNote(*place, error_message(cell), error=True))
        return ""
    return str(cell)


def _dress_message(number: float, text: str) -> str:
    """Return what to look at where the sheet may well show the number in another way."""
    if number.is_integer() and abs(number) >= _LONG_NUMBER:
        return f"按数字存放为{text}。如果表中显示时前面有0，请改为文本。"
    return f"按数字存放为{text}。如果表中显示为百分数，请改为文本。" if 0 < abs(number) < 1 else ""
