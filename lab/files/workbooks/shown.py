"""A worksheet as it shows itself: each cell's text, merged cells filled, hidden rows named."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab.files.rules.number_formats import NAMED, NO_NUMBER, Shown, shown
from lab.files.rules.sheet import CellNote, Place, Sheet, column_letters
from lab.files.workbooks.parts import Workbook
from lab.files.workbooks.worksheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    UNREADABLE,
    Block,
    RawCell,
    RawSheet,
)

# What a spreadsheet says when a formula fails, and what it means.
ERRORS = {
    "#N/A": "没有找到对应的内容",
    "#REF!": "引用的单元格已不存在",
    "#VALUE!": "参与计算的内容类型不对",
    "#DIV/0!": "除数是0",
    "#NAME?": "公式里的名称无法识别",
    "#NUM!": "算不出结果",
    "#NULL!": "引用的区域不相交",
    "#SPILL!": "没有地方放下结果",
    "#CALC!": "算不出结果",
    "#GETTING_DATA": "数据还没有取到",
}
ERROR_CURE = "请改正公式，或直接填写内容。"
_NOT_COMPUTED = "公式没有计算结果，读不到内容。请用Excel或WPS打开文件，保存后再上传。"
_NO_TEXT = "这一格的文字在文件中缺失，读不到内容。请重新输入这一格，保存后再上传。"
_YES_NO = {"1": "是", "0": "否", "true": "是", "false": "否"}
_PICTURE = "这是嵌在单元格里的图片，不能读取。请改填文字。"


@dataclass
class _Grid:
    """The texts and notes while they are collected."""

    texts: dict[Place, str] = field(default_factory=dict)
    numbers: dict[Place, str] = field(default_factory=dict)
    notes: list[CellNote] = field(default_factory=list)

    def note(self, place: Place, message: str, *, error: bool) -> None:
        self.notes.append(CellNote(place.row, place.column, message, error))


def error_message(text: str) -> str:
    """Return what to say of a cell that shows an error value."""
    meaning = ERRORS.get(text, "公式出错")
    return f"显示为{text}（{meaning}）。{ERROR_CURE}"


def shown_sheet(name: str, raw: RawSheet, book: Workbook) -> Sheet:
    """Return the worksheet as texts with notes."""
    grid = _Grid()
    for place, cell in raw.cells.items():
        _read_cell(grid, place, cell, book)
    own_rows = {place.row for place in raw.cells}
    unreadable = {Place(note.row, note.column) for note in grid.notes if note.error}
    for block in raw.blocks:
        _fill_block(grid, block, own_rows, unreadable)
    return Sheet(
        rows=_rows(grid.texts, max(own_rows, default=0)),
        name=name,
        notes=tuple(sorted(grid.notes)),
        numbers=grid.numbers,
        hidden=frozenset(own_rows & raw.hidden_rows),
        remarks=_remarks(raw),
    )


def _rows(texts: dict[Place, str], height: int) -> tuple[tuple[str, ...], ...]:
    by_row: dict[int, dict[int, str]] = {}
    for place, text in texts.items():
        by_row.setdefault(place.row, {})[place.column] = text
    return tuple(_row(by_row.get(number, {})) for number in range(1, height + 1))


def _row(texts: dict[int, str]) -> tuple[str, ...]:
    return tuple(texts.get(column, "") for column in range(1, max(texts, default=0) + 1))


def _remarks(raw: RawSheet) -> tuple[str, ...]:
    columns = sorted({place.column for place in raw.cells} & raw.hidden_columns)
    if not columns:
        return ()
    letters = "、".join(column_letters(column) for column in columns)
    return (f"第{letters}列在表中是隐藏的，里面的内容也已读取，请核对。",)


# -- one cell ----------------------------------------------------------------------------------


def _read_cell(grid: _Grid, place: Place, cell: RawCell, book: Workbook) -> None:
    grid.texts[place] = ""
    if problem := _formula_problem(cell, book):
        grid.note(place, problem, error=True)
    elif cell.kind == "e":
        grid.note(place, error_message(cell.value or ""), error=True)
    elif cell.kind == UNREADABLE:
        grid.note(place, _NO_TEXT, error=True)
    elif cell.kind == "b" and cell.value not in _YES_NO:
        grid.note(place, NO_NUMBER.format((cell.value or "")[:NAMED]), error=True)
    elif cell.kind == "b":
        grid.texts[place] = _YES_NO[cell.value or ""]
    elif cell.kind == "d":
        day, _, time = (cell.value or "").partition("T")
        grid.texts[place] = day if time.startswith("00:00") else f"{day} {time[:5]}".strip()
    elif cell.kind == "n" and cell.value:
        _read_number(grid, place, cell, book)
    else:
        grid.texts[place] = cell.value or ""


def _formula_problem(cell: RawCell, book: Workbook) -> str:
    if cell.formula is None:
        return ""
    if "DISPIMG(" in cell.formula:
        return _PICTURE
    # Programs that cannot calculate leave the value out, or write 0 and ask for a calculation.
    missing = cell.value is None or (cell.kind == "n" and not cell.value.strip())
    if missing or (book.recalculates and (cell.kind, cell.value) == ("n", "0")):
        return _NOT_COMPUTED
    return ""


def _read_number(grid: _Grid, place: Place, cell: RawCell, book: Workbook) -> None:
    code = book.formats[cell.style] if cell.style < len(book.formats) else "General"
    value = (cell.value or "").strip()
    try:
        result = shown(value, code, from_1904=book.from_1904)
    except (ArithmeticError, ValueError):  # a number beyond all that its format can show
        result = Shown("", problem=NO_NUMBER.format(value[:NAMED]))
    grid.texts[place] = result.text
    if result.number:
        grid.numbers[place] = result.number
    if result.remark or result.problem:
        grid.note(place, result.problem or result.remark, error=bool(result.problem))


# -- merged cells ------------------------------------------------------------------------------


def _fill_block(grid: _Grid, block: Block, own_rows: set[int], unreadable: set[Place]) -> None:
    """Give the rows of a merged block the value that they show; the first column takes it.

    A row that has nothing else is no row of its own and stays blank.
    """
    first, last = block
    for row in range(first.row, min(last.row, MAX_ROWS) + 1):
        for column in range(first.column, min(last.column, MAX_COLUMNS) + 1):
            place = Place(row, column)
            if row in own_rows and place != first:
                _fill_cell(grid, place, first, unreadable=first in unreadable)


def _fill_cell(grid: _Grid, place: Place, first: Place, *, unreadable: bool) -> None:
    covered, text = grid.texts.pop(place, ""), grid.texts.get(first, "")
    if place.column != first.column:
        text = ""
    if covered and covered != text:
        message = f"与{first}合并，盖住的内容“{covered[:20]}”没有读取。"
        grid.note(place, message, error=False)
    elif unreadable and place.column == first.column:
        grid.note(place, f"与{first}合并，而{first}读不到内容。", error=True)
    elif grid.texts.get(first):
        what = "按合并单元格的内容读取" if text else f"内容只算作{first}的"
        grid.note(place, f"与{first}合并，{what}。", error=False)
    if text:
        grid.texts[place] = text
        if first in grid.numbers:
            grid.numbers[place] = grid.numbers[first]
